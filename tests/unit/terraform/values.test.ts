// Values on their way between Terraform and us: what the bytes mean, which names fields have, where a mistake is.

import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { unknownValue } from "../../../provider/model/inputs/unknown-value";
import { attributePath } from "../../../provider/terraform/values/attribute-path";
import { parseImportId } from "../../../provider/terraform/values/parse-import-id";
import { readPrivate, writePrivate } from "../../../provider/terraform/values/private-bytes";
import { readAttributes } from "../../../provider/terraform/values/read-attributes";
import { handlerInputs, shownInputs } from "../../../provider/terraform/values/resource-values";
import { writeAttributes } from "../../../provider/terraform/values/write-attributes";
import { decodeDynamicValue, encodeDynamicValue, isNullValue } from "../../../provider/terraform/wire/dynamic-value";
import { unknownAttribute } from "../../../provider/terraform/wire/unknown-attribute";
import type { Fields } from "../../../schema/field";
import { resources } from "../../../schema/index";
import { meshNode } from "../../../schema/mesh-node";
import { attributeName } from "../../../schema/terraform/attribute-name";
import { terraformDataFields, terraformResourceFields } from "../../../schema/terraform/terraform-fields";
import { vm } from "../../../schema/vm";

const bytesOf = (value: unknown) => Buffer.from(encode(value, { useBigInt64: true }));

describe("a DynamicValue", () => {
  test("has an unknown value as extension 0, which is what Terraform sends", () => {
    const { msgpack } = encodeDynamicValue({ id: unknownAttribute });
    expect(Buffer.from(msgpack ?? []).toString("hex")).toBe("81a26964d40000");
    expect(decodeDynamicValue({ msgpack: Buffer.from("81a26964d40000", "hex") })).toEqual({ id: unknownAttribute });
  });

  test("takes a refined unknown value, and one of a kind that is not known yet, for unknown", () => {
    // {1: false, 2: "m-"} as Terraform sends "m-${unknown}": c7 LENGTH 0c BODY.
    const refinement = bytesOf({ 1: false, 2: "m-" });
    const refined = Buffer.concat([Buffer.from([0xc7, refinement.length, 12]), refinement]);
    expect(decodeDynamicValue({ msgpack: refined })).toBe(unknownAttribute);
    expect(decodeDynamicValue({ msgpack: Buffer.from([0xd4, 99, 1]) })).toBe(unknownAttribute);
  });

  test("keeps a number that no double holds as its decimal text", () => {
    const huge = bytesOf([2n ** 60n, 2 ** 40]);
    expect(decodeDynamicValue({ msgpack: huge })).toEqual(["1152921504606846976", 2 ** 40]);
    const fields: Fields = { size: { type: "integer", doc: "size" }, share: { type: "number", doc: "share" } };
    expect(readAttributes(fields, { size: "17", share: "0.1" })).toEqual({ size: 17, share: 0.1 });
    expect(readAttributes(fields, { size: "1152921504606846977", share: "0.10" })).toEqual({
      size: "1152921504606846977",
      share: "0.10",
    });
  });

  test("is null where there is none, JSON where it is that, and an error where it is neither", () => {
    expect(decodeDynamicValue(null)).toBeNull();
    expect(decodeDynamicValue({ msgpack: new Uint8Array(), json: Buffer.from('{"a":1}') })).toEqual({ a: 1 });
    expect(() => decodeDynamicValue({ msgpack: Buffer.from([0xc1]) })).toThrow("cannot be read");
  });

  test("is seen to be null without being decoded", () => {
    expect([null, encodeDynamicValue(null), { json: Buffer.from("null") }, {}].map(isNullValue)).toEqual(
      Array(4).fill(true),
    );
    expect(
      [encodeDynamicValue({}), encodeDynamicValue(unknownAttribute), { json: Buffer.from("{}") }].map(isNullValue),
    ).toEqual(Array(3).fill(false));
  });

  test("comes back as it was, whatever it is", () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.constant(null),
      fc.constant(unknownAttribute),
    );
    const value = fc.oneof(
      leaf,
      fc.array(leaf),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
        leaf,
      ),
    );
    fc.assert(fc.property(value, (drawn) => expect(decodeDynamicValue(encodeDynamicValue(drawn))).toEqual(drawn)));
  });
});

describe("attributes", () => {
  test("have names of their own in every object", () => {
    const visit = (fields: Fields): void => {
      const names = Object.keys(fields).map(attributeName);
      expect(new Set(names).size).toBe(names.length);
      expect(names).not.toContain("connection");
      for (const field of Object.values(fields)) {
        const inner = field.type === "list" ? field.items : field;
        if (inner.type === "object") visit(inner.fields);
      }
    };
    for (const resource of resources)
      for (const fieldsOf of [terraformResourceFields, terraformDataFields]) visit(fieldsOf(resource));
  });

  test("are written whole: what is absent is null, what is unknown is unknown", () => {
    const written = writeAttributes(terraformResourceFields(vm), {
      name: "web",
      memory: unknownValue,
      boot: { kernel: "./k" },
    });
    expect(Object.keys(written)).toEqual(Object.keys(terraformResourceFields(vm)).map(attributeName));
    expect(written).toMatchObject({
      name: "web",
      memory: unknownAttribute,
      vcpus: null,
      boot: { kernel: "./k", initrd: null },
    });
    const bytes = encodeDynamicValue(written).msgpack ?? new Uint8Array();
    expect(Object.keys(decode(bytes) as object)).toHaveLength(Object.keys(written).length);
  });
});

describe("a host as one value", () => {
  const ssh = { host: "10.0.0.1", port: 2222 };

  test("is two inputs of the handler, and one value again", () => {
    const inputs = handlerInputs(vm, { name: "web", node: { id: "a-aaaaaaaa", connection: ssh } }, {});
    expect(inputs).toEqual({ name: "web", node: "a-aaaaaaaa", nodeConnection: ssh });
    expect(shownInputs(vm, inputs)).toEqual({ name: "web", node: { id: "a-aaaaaaaa", connection: ssh } });
  });

  test("is unknown in both while it is unknown", () => {
    const inputs = handlerInputs(vm, { node: unknownValue }, { user: "ops" });
    expect(inputs).toEqual({ node: unknownValue, nodeConnection: unknownValue });
    expect(shownInputs(vm, inputs)).toEqual({ node: unknownValue });
  });

  test("takes what it does not say from the provider's settings, in peers too", () => {
    const shared = { user: "ops", port: 22 };
    const peers = [{ id: "a-aaaaaaaa", connection: ssh }];
    expect(handlerInputs(meshNode, { connection: { host: "b" }, peers }, shared)).toEqual({
      connection: { host: "b", user: "ops", port: 22 },
      peers: [{ id: "a-aaaaaaaa", connection: { ...ssh, user: "ops" } }],
    });
  });
});

describe("the path of a mistake", () => {
  const pathOf = (field: string) =>
    attributePath(vm, field)?.steps.map((step) => ("attributeName" in step ? step.attributeName : step.elementKeyInt));

  test("names attributes as Terraform does", () => {
    expect(pathOf("disks[0].size")).toEqual(["disks", 0, "size"]);
    expect(pathOf("nics[1].mesh.ingress[2].from")).toEqual(["nics", 1, "mesh", "ingress", 2, "from"]);
    expect(pathOf("migration.downtimeLimit")).toEqual(["migration", "downtime_limit"]);
    expect(pathOf("timeouts.create")).toEqual(["timeouts", "create"]);
  });

  test("leads into the host whose way is wrong", () => {
    expect(pathOf("nodeConnection.jump.host")).toEqual(["node", "ssh", "jump", "host"]);
    expect(pathOf("node")).toEqual(["node"]);
  });

  test("is none for what a user does not see", () => {
    expect(pathOf("owner")).toBeUndefined();
    expect(pathOf("")).toBeUndefined();
  });
});

describe("an import id", () => {
  test("is a way to a host, and the name of what is on it", () => {
    expect(parseImportId(meshNode, "ops@10.0.0.1:2222")).toEqual({
      connection: { user: "ops", host: "10.0.0.1", port: 2222 },
    });
    expect(parseImportId(vm, "10.0.0.1/web")).toEqual({ nodeConnection: { host: "10.0.0.1" }, name: "web" });
    expect(parseImportId(vm, '{"ssh": {"host": "a", "known_hosts": "/k"}, "vm": "web"}')).toEqual({
      nodeConnection: { host: "a", knownHosts: "/k" },
      name: "web",
    });
  });

  test("is refused with the two spellings where it is neither", () => {
    for (const [definition, id] of [
      [vm, "10.0.0.1"],
      [meshNode, "a/b"],
      [vm, "{"],
      [vm, '{"vm": "web"}'],
      [vm, "a b/web"],
    ] as const)
      expect(() => parseImportId(definition, id)).toThrow(/import/);
  });
});

describe("private bytes", () => {
  test("hold the names of the birth, and say nothing where they are not ours", () => {
    const birth = { owner: "o/p/s", logicalName: "web" };
    expect(readPrivate(writePrivate(birth, true))).toEqual({ birth, isUnchanged: true });
    for (const bytes of [null, new Uint8Array(), Buffer.from("x"), Buffer.from("[]")])
      expect(readPrivate(bytes)).toEqual({ birth: {}, isUnchanged: false });
  });
});
