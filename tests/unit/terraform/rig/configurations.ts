// Configurations that several tests start from.

/** Two hosts in one mesh. */
export const twoHosts = `
resource "leea_mesh_node" "a" {
  name = "a"
  ssh  = { host = "a" }
  mesh = { name = "prod" }
}
resource "leea_mesh_node" "b" {
  name  = "b"
  ssh   = { host = "b" }
  mesh  = { name = "prod" }
  peers = [leea_mesh_node.a]
}
`;

/** The hosts, and a VM on one of them. `change` replaces or adds lines of the VM by their attribute. */
export function vmOn(node: string, change: Readonly<Record<string, string>> = {}): string {
  const lines = {
    name: '"web"',
    node: `leea_mesh_node.${node}`,
    vcpus: "1",
    memory: '"1GiB"',
    boot: '{ kernel = "./vmlinuz" }',
    disks: '[{ name = "data", size = "64MiB" }]',
    ...change,
  };
  const body = Object.entries(lines).map(([name, value]) => `  ${name} = ${value}`);
  return `${twoHosts}\nresource "leea_vm" "web" {\n${body.join("\n")}\n}\n`;
}
