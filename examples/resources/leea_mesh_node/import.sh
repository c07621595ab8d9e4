terraform import leea_mesh_node.a ops@10.0.0.11:22
