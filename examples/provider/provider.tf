terraform {
  required_providers {
    leea = { source = "leea/leea" }
  }
}

provider "leea" {
  owner = "acme/shop/${terraform.workspace}"
  ssh   = { user = "ops" }
}
