resource "leea_vm" "web" {
  name   = "web"
  node   = leea_mesh_node.a # change to leea_mesh_node.b and apply: the VM moves, running
  vcpus  = 4
  memory = "8GiB"
  disks  = [{ name = "root", size = "20GiB", image = "./noble.qcow2" }]
  nics   = [{ mesh = { ingress = [{ from = "vms", protocol = "tcp", ports = "443" }] } }]
}
