// Declarations of two hosts and a VM drawn at random, any part of which is known only after the apply: such a part is the
// output of a `terraform_data`, which Terraform does not know while that is new or changes.

import fc from "fast-check";

/** A value that is known late. */
class Late {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** One configuration: the provider's settings and the resources' attributes, `Late` anywhere inside. */
export interface DrawnConfiguration {
  readonly provider: unknown;
  readonly a: unknown;
  readonly b: unknown;
  /** The GPU of either host. What it is made of stays: the host refuses to make anew what a VM has. */
  readonly gpuA: unknown;
  readonly gpuB: unknown;
  readonly web: unknown;
}

const late = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: value.map((inner) => new Late(inner)) });

const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => late(fc.constantFrom(...values));
const orNothing = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(value, { nil: undefined });
const orNull = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => late(fc.option(value, { nil: null }));

const object = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> =>
  fc
    .record(fields)
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)));

const rule = object({
  from: oneOf("nodes", "vms", "10.0.0.0/8"),
  protocol: orNothing(oneOf("tcp", "udp")),
  ports: orNothing(fc.constant(undefined)),
});
const nic = fc.oneof(
  object({ mesh: orNothing(object({ ingress: orNothing(late(fc.array(late(rule), { maxLength: 2 }))) })) }).map(
    (drawn) => ({
      mesh: {},
      ...(drawn as object),
    }),
  ),
  object({ bridge: oneOf("br0"), vlan: orNothing(orNull(fc.constant(7))) }),
);
const migration = object({
  mode: orNothing(oneOf("live", "cold")),
  downtime_limit: orNothing(oneOf("30ms", "0.03s", "50ms")),
  deadline: orNothing(orNull(fc.constantFrom("30m", "1800s", "1h"))),
  max_bandwidth: orNothing(orNull(fc.constantFrom("1Gbps", "1000Mbps"))),
});
const disks = fc
  .subarray(["d0", "d1", "d2"])
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        late(object({ name: late(fc.constant(name)), size: oneOf("64MiB", "65536KiB", "128MiB") })),
      ),
    ),
  );

const ssh = (host: string, more: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}): fc.Arbitrary<unknown> =>
  object({
    host: late(fc.constant(host)),
    port: orNothing(orNull(fc.constant(22))),
    user: orNothing(orNull(fc.constantFrom("root", "ops"))),
    known_hosts: orNothing(orNull(fc.constant("/k"))),
    ...more,
  });
const jump = orNothing(orNull(object({ host: oneOf("jump"), user: orNothing(oneOf("root")) })));

const meshNode = (name: string, peers: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  object({
    name: late(fc.constant(name)),
    ssh: late(ssh(name, { jump })),
    // The first host fixes the mesh: only how it is written may differ.
    mesh: late(object({ name: oneOf("prod"), mtu: orNothing(orNull(fc.constant(1420))) })),
    peers,
    endpoint: orNothing(orNull(object({ port_base: orNothing(oneOf(51820, 52000)), address: orNothing(oneOf(name)) }))),
    setup: orNothing(oneOf(true, false)),
    storage_path: orNothing(oneOf("/var/lib/leea", "/srv/leea")),
    timeouts: orNothing(orNull(object({ update: orNothing(oneOf("1h")) }))),
  });

const provider = object({
  owner: oneOf("acme/shop/prod", "acme/shop/other"),
  ssh: orNothing(orNull(object({ user: orNothing(oneOf("ops")), identity: orNothing(oneOf("lab")), jump }))),
});

const reference = (name: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constant(`\${leea_mesh_node.${name}}`),
    object({ id: fc.constant(`\${leea_mesh_node.${name}.id}`), ssh: late(ssh(name)) }),
  );

/** A drawn configuration. */
export function drawConfiguration(): fc.Arbitrary<DrawnConfiguration> {
  return fc.record({
    provider,
    a: meshNode("a", orNothing(fc.constant([]))),
    b: meshNode("b", fc.array(reference("a"), { minLength: 1, maxLength: 1 })),
    gpuA: partition("a", { device: fc.constant({ model: "1912" }), profile: fc.constant("small") }),
    gpuB: partition("b", { device: fc.constant({ address: "01:00.0" }), vfs: fc.constant(2) }),
    web: drawVm(),
  });
}

function partition(host: string, make: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const name = late(fc.constant(`gpu-${host}`));
  return object({
    name,
    node: fc.constant(`\${leea_mesh_node.${host}}`),
    mode: orNothing(fc.constant("auto")),
    ...make,
  });
}

/** Of either host, so that the VM may be on any. */
const gpus = fc.tuple(
  ...["a", "b"].map((host) =>
    fc.oneof(
      fc.constant(`\${leea_gpu_partition.gpu_${host}}`),
      object({
        id: fc.constant(`\${leea_gpu_partition.gpu_${host}.id}`),
        node: fc.constantFrom(`\${leea_mesh_node.${host}}`, `\${leea_gpu_partition.gpu_${host}.node}`),
      }),
    ),
  ),
);

function drawVm(): fc.Arbitrary<unknown> {
  return object({
    name: late(fc.constant("web")),
    node: fc.oneof(reference("a"), reference("b")),
    vcpus: oneOf(1, 2),
    memory: oneOf("1GiB", "1024MiB", "2GiB"),
    cpu: orNothing(orNull(fc.constant("portable"))),
    boot: late(object({ kernel: oneOf("./vmlinuz"), cmdline: orNothing(oneOf("", "quiet")) })),
    disks: orNothing(late(disks)),
    nics: orNothing(late(fc.array(late(nic), { maxLength: 1 }))),
    gpus: orNothing(gpus),
    migration: orNothing(orNull(migration)),
    restart: orNothing(oneOf("never", "on-failure", "always")),
    power_state: orNothing(oneOf("running", "stopped")),
    allow_data_loss: fc.constant(true),
    timeouts: orNothing(
      orNull(object({ create: orNothing(oneOf("1h")), delete: orNothing(orNull(fc.constant("2h"))) })),
    ),
  });
}

/** The configuration as Terraform's JSON, with the `terraform_data` that gives what is known late. */
export function renderConfiguration(drawn: DrawnConfiguration): object {
  const values: Record<string, unknown> = {};
  const render = (value: unknown): unknown => {
    if (value instanceof Late) {
      const key = `k${Object.keys(values).length}`;
      values[key] = whole(value.value);
      return `\${terraform_data.late.output.${key}}`;
    }
    if (Array.isArray(value)) return value.map(render);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, render(inner)]));
  };
  const { provider: settings, a, b, gpuA, gpuB, web } = render(drawn) as DrawnConfiguration;
  return {
    terraform: { required_providers: { leea: { source: "leea/leea" } } },
    provider: { leea: settings },
    resource: {
      leea_mesh_node: { a, b },
      leea_gpu_partition: { gpu_a: gpuA, gpu_b: gpuB },
      leea_vm: { web },
      terraform_data: { late: { input: values } },
    },
  };
}

function whole(value: unknown): unknown {
  if (value instanceof Late) return whole(value.value);
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, whole(inner)]));
}
