data "leea_vm" "db" {
  node = leea_mesh_node.b
  name = "db"
}
