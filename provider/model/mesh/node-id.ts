// A node's id: its name at birth and the head of its fingerprint. Only the fingerprint identifies; the name is for people.

/** `<name>-<first 8 characters of the fingerprint>`. The name is the host's, made safe: [a-z0-9-], at most 40, never empty. */
export function composeNodeId(hostname: string, fingerprint: string): string {
  const safe = hostname
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  return `${safe === "" ? "node" : safe}-${fingerprint.slice(0, 8)}`;
}
