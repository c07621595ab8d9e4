data "leea_mesh_node" "old" {
  ssh = { host = "10.0.0.13" }
}
