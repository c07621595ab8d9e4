data "leea_gpu_partition" "shared" {
  node = leea_mesh_node.a
  name = "shared"
}
