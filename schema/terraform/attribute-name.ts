// The two spellings of a field's name: ours, and Terraform's. No two fields of an object get one name, which a test shows.

/** Names that Terraform keeps for itself inside a resource, in JSON above all: `connection` is a provisioner's block. */
const reservedNames: Readonly<Record<string, string>> = { connection: "ssh" };

/** Each name is spelled once: every value of every resource asks for its name several times in a run. */
const spelled = new Map<string, string>();

/** `hostKey` as `host_key`, `meshAddress6` as `mesh_address6`; `connection`, which Terraform reserves, as `ssh`. */
export function attributeName(fieldName: string): string {
  const known = spelled.get(fieldName);
  if (known !== undefined) return known;
  const name = reservedNames[fieldName] ?? fieldName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  spelled.set(fieldName, name);
  return name;
}
