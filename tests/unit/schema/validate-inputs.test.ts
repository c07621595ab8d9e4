// Declared values against the schema: every mistake at once, each with its field and with what to write instead.

import fc from "fast-check";
import { validateInputs } from "../../../provider/controller/handlers/validate-inputs";
import { checkMeshNode } from "../../../provider/model/inputs/check-mesh-node";
import { checkVm } from "../../../provider/model/inputs/check-vm";
import { unknownValue } from "../../../provider/model/inputs/unknown-value";
import { meshNode } from "../../../schema/mesh-node";
import { vm } from "../../../schema/vm";

const good = {
  owner: "o/p/s",
  logicalName: "web",
  name: "web",
  node: "a-aaaaaaaa",
  nodeConnection: { host: "10.0.0.1" },
  vcpus: 1,
  memory: "1GiB",
  disks: [{ name: "root", size: "1GiB" }],
};

function problemsOf(change: object): Record<string, string> {
  const { values, problems } = validateInputs(vm, { ...good, ...change });
  return Object.fromEntries([...problems, ...checkVm(values)].map(({ field, message }) => [field, message]));
}

describe("the inputs of a VM", () => {
  it("get their defaults, nested ones included", () => {
    const { values, problems } = validateInputs(vm, good);
    expect(problems).toEqual([]);
    expect(values).toMatchObject({
      cpu: "portable",
      nics: [{ mesh: { ingress: [] } }],
      powerState: "running",
      nodeConnection: { port: 22, user: "root" },
    });
    expect(values).not.toHaveProperty("migration");
  });

  it("are not changed in place", () => {
    const declared = structuredClone(good);
    validateInputs(vm, declared);
    expect(declared).toEqual(good);
  });

  it("name all mistakes at once", () => {
    expect(
      problemsOf({
        memory: "4 G",
        vcpus: 0,
        vcpu: 2,
        cpu: "hots",
        name: "Web!",
        disks: [
          { name: "root", size: 4096 },
          { name: "root", size: "1e30GiB", imagee: "x" },
        ],
        nics: [{ mesh: {}, bridge: "br0" }, { vlan: 7 }, {}],
        powerState: true,
      }),
    ).toEqual({
      memory: '"4 G" has no unit that is known (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"',
      vcpus: "0 is too little; at least 1",
      vcpu: 'is no field of it; did you mean "vcpus"?',
      cpu: '"hots" is not allowed; it is one of "portable", "host" (did you mean "host"?)',
      name: "\"Web!\" is not allowed; it must be 1 to 63 of a-z, 0-9 and '-', not at either end",
      disks: 'two of them have the name "root"',
      "disks[0].size": '"4096" has no unit (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"',
      "disks[1].size": '"1e30GiB" is no size; write a number and a unit, such as "4GiB"',
      "disks[1].imagee": 'is no field of it; did you mean "image"?',
      "nics[0]": "has mesh and bridge; give exactly one of: mesh, bridge",
      "nics[1]": "needs exactly one of: mesh, bridge",
      "nics[1].vlan": "needs a bridge: an interface in the mesh has no VLAN",
      "nics[2]": "needs exactly one of: mesh, bridge",
      powerState: 'true is not allowed; it is one of "running", "stopped"',
    });
  });

  it("name what is missing by what it is", () => {
    const { problems } = validateInputs(vm, { owner: "o/p/s", logicalName: "web", name: "web" });
    expect(problems.map(({ field, message }) => `${field} ${message}`)).toEqual([
      "node is missing: id of the host that it is to run on",
      "nodeConnection is missing: how to reach the host over SSH",
      "vcpus is missing: virtual processors",
      "memory is missing: memory",
    ]);
  });

  it.each([
    [{ memory: "31MiB" }, { memory: "31MiB is too little; at least 32MiB" }],
    [{ memory: "1048577KiB" }, { memory: "must be a whole number of MiB" }],
    [{ disks: [{ name: "d", size: "1048577B" }] }, { "disks[0].size": "must be a whole number of 4KiB" }],
    [{ disks: [] }, { boot: "is missing and there is no disk: give a first disk with an image, or a kernel to boot" }],
    [
      {
        disks: [
          { name: "a", size: "64TiB" },
          { name: "b", size: "64TiB" },
          { name: "c", size: "64TiB" },
          { name: "d", size: "64TiB" },
          { name: "e", size: "64TiB" },
        ],
      },
      { disks: "are larger than 256TiB together" },
    ],
    [
      { nics: [{ mesh: {} }, { mesh: {} }] },
      { nics: "has more than one interface in the mesh; one is enough for every address" },
    ],
    [
      { nics: [{ bridge: "leeat0" }] },
      { "nics[0].bridge": '"leeat0" is one of leea\'s own interfaces; name a bridge of yours' },
    ],
    [{ nics: [{ mesh: { address: "10.0.0.256" } }] }, { "nics[0].mesh.address": '"10.0.0.256" is no IPv4 address' }],
    [
      { nics: [{ mesh: { address: "169.254.1.1" } }] },
      {
        "nics[0].mesh.address":
          "169.254.1.1 cannot be a VM's: 169.254.0.0/16 is link-local, and leea's gateway is in it",
      },
    ],
    [
      { nics: [{ mesh: { ingress: [{ from: "10.0.0.1/8" }] } }] },
      { "nics[0].mesh.ingress[0].from": "has bits set after its prefix; write 10.0.0.0/8" },
    ],
    [
      { nics: [{ mesh: { ingress: [{ from: "vms", ports: "80" }] } }] },
      { "nics[0].mesh.ingress[0].ports": "needs the protocol tcp or udp; it is any" },
    ],
    [
      { nics: [{ mesh: { ingress: [{ from: "vms", protocol: "tcp", ports: "90-80" }] } }] },
      { "nics[0].mesh.ingress[0].ports": 'runs backwards; write "80-90"' },
    ],
    [
      { nics: [{ mesh: { ingress: [{ from: "vms", protocol: "tcp", ports: "70000" }] } }] },
      { "nics[0].mesh.ingress[0].ports": "70000 is no port; ports are 1 to 65535" },
    ],
    [
      { nodeConnection: { host: "a,b" } },
      {
        "nodeConnection.host":
          '"a,b" is not allowed; it must be a host name or an address, without spaces, quotes or a leading dash',
      },
    ],
    [
      { nodeConnection: { host: "-oProxyCommand=x" } },
      {
        "nodeConnection.host":
          '"-oProxyCommand=x" is not allowed; it must be a host name or an address, without spaces, quotes or a leading dash',
      },
    ],
    [
      { boot: { kernel: "k", cmdline: "a\nb" } },
      { "boot.cmdline": '"a\\nb" is not allowed; it must be printable ASCII' },
    ],
    [{ migration: { downtimeLimit: "2h" } }, { "migration.downtimeLimit": "2h is too much; at most 60s" }],
    [
      { migration: { mode: "cool", deadline: "0s", stallTimeout: 30, shutdownTimeout: "1d" } },
      {
        "migration.mode": '"cool" is not allowed; it is one of "live", "cold", "forbid"',
        "migration.deadline": "0ms is too little; at least 1s",
        "migration.stallTimeout": '"30" has no unit (ms, s, m, h, d); write for example "45m"',
        "migration.shutdownTimeout": "1d is too much; at most 1h",
      },
    ],
    [
      { migration: { onDeadline: "pause" }, restart: "sometimes" },
      {
        "migration.onDeadline": '"pause" is not allowed; it is one of "cancel", "stop", "auto-converge"',
        restart: '"sometimes" is not allowed; it is one of "never", "on-failure", "always"',
      },
    ],
  ])("are refused: %j", (change, problems) => {
    expect(problemsOf(change)).toEqual(problems);
  });

  it.each(["..", "-drive", "a/b", "a".repeat(64), "a\0b", "a\u202eb", "web.", "", "A"])(
    "are refused with the name %j",
    (name) => {
      expect(Object.keys(problemsOf({ name }))).toEqual(["name"]);
    },
  );

  it("accept a value that is not known yet at any place, whatever its type", () => {
    const whole = {
      ...good,
      boot: { kernel: "k" },
      migration: { maxBandwidth: "1Gbps" },
      nics: [{ mesh: { ingress: [{ from: "nodes", protocol: "tcp", ports: "1" }] } }],
    };
    const places: (readonly (string | number)[])[] = [];
    const visit = (value: unknown, path: readonly (string | number)[]): void => {
      if (path.length > 0) places.push(path);
      if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value))
          visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    visit(whole, []);
    expect(places.length).toBeGreaterThan(20);
    for (const path of places) {
      const changed = structuredClone(whole) as Record<string | number, unknown>;
      let parent = changed;
      for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
      parent[path.at(-1)!] = unknownValue;
      expect({ path, problems: problemsOf(changed) }).toEqual({ path, problems: {} });
    }
  });

  it("give an answer to anything at all, and never throw", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(vm.inputs), "other"), fc.jsonValue()), (values) => {
        expect(() => problemsOf(values)).not.toThrow();
      }),
    );
  });

  it.each(['{"toString":1}', '{"__proto__":1}', '{"valueOf":null,"toString":null}', '{"length":3}', '{"toJSON":1}'])(
    "never call what a value calls its own: %s",
    (text) => {
      const odd: unknown = JSON.parse(text);
      for (const name of [...Object.keys(vm.inputs), "other"])
        for (const value of [odd, [odd], [[odd]], { mesh: odd }, [{ mesh: { ingress: [odd] } }], { mode: odd }])
          expect(() => problemsOf({ [name]: value })).not.toThrow();
    },
  );
});

describe("the inputs of a host", () => {
  const host = { owner: "o/p/s", name: "a", connection: { host: "10.0.0.1" }, mesh: { name: "prod" } };
  const problemsOfHost = (change: object): Record<string, string> => {
    const { values, problems } = validateInputs(meshNode, { ...host, ...change });
    return Object.fromEntries([...problems, ...checkMeshNode(values)].map(({ field, message }) => [field, message]));
  };

  it.each([
    [{}, {}],
    [{ name: undefined }, { name: "is missing: name of the host in the mesh" }],
    [
      { mesh: { name: "prod", vmRange: "10.91.4.0/24" } },
      { "mesh.vmRange": "overlaps nodeRange; hosts and VMs need ranges of their own" },
    ],
    [{ mesh: { name: "prod", nodeRange: "10.1.0.0/30" } }, { "mesh.nodeRange": "/30 is too small; at least a /24" }],
    [
      { mesh: { name: "prod", nodeRange: "169.254.0.0/16" } },
      { "mesh.nodeRange": "overlaps 169.254.0.0/16, where leea's gateway is" },
    ],
    [{ mesh: { name: "prod", nodeRange: "10.300.0.0/16" } }, { "mesh.nodeRange": '"10.300.0.0" is no IPv4 address' }],
    [{ endpoint: { portBase: 65001 } }, { "endpoint.portBase": "65001 is too much; at most 65000" }],
    [
      { peers: [{ id: "a-aaaaaaaa", connection: { host: "10.0.0.1" } }] },
      { "peers[0]": "is this host itself (10.0.0.1:22)" },
    ],
    [
      { storagePath: "relative" },
      {
        storagePath:
          "\"relative\" is not allowed; it must be an absolute path of letters, digits, '.', '_', '-', with no part that begins with a dot",
      },
    ],
  ])("are judged: %j", (change, problems) => {
    expect(problemsOfHost(change)).toEqual(problems);
  });
});
