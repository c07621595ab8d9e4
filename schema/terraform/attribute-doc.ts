// The words of schema/ as a Terraform user reads them: fields as they are spelled in HCL, credentials where this front door
// has them, and no logical names, which Terraform does not tell a provider.

import { attributeName } from "./attribute-name";

/** A field's doc in Terraform's words. */
export function attributeDoc(text: string): string {
  return text
    .replace("; absent means the resource's logical name", "")
    .replace("`leea:credentials`", "the provider's `credentials`")
    .replace(/`([a-z]+[A-Z][A-Za-z]*)`/g, (_, name: string) => `\`${attributeName(name)}\``);
}
