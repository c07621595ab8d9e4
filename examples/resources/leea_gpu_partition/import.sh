terraform import leea_gpu_partition.gpu ops@10.0.0.11:22/gpu
