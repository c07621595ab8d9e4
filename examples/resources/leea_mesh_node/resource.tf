resource "leea_mesh_node" "a" {
  name = "a"
  mesh = { name = "prod" }
  ssh  = { host = "10.0.0.11" }
}

resource "leea_mesh_node" "b" {
  name  = "b"
  mesh  = { name = "prod" }
  ssh   = { host = "10.0.0.12" }
  peers = [leea_mesh_node.a]
}
