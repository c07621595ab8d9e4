resource "leea_gpu_partition" "gpu" {
  name   = "gpu"
  node   = leea_mesh_node.a
  device = { vendor = "nvidia", model = "L40S" }
}

resource "leea_vm" "train" {
  name   = "train"
  node   = leea_mesh_node.a
  gpus   = [leea_gpu_partition.gpu]
  vcpus  = 8
  memory = "32GiB"
  disks  = [{ name = "root", size = "80GiB", image = "./noble.qcow2" }]
}
