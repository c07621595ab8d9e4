terraform import leea_vm.web ops@10.0.0.11:22/web
