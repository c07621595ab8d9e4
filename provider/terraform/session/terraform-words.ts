// What the core and the agents say in Pulumi's words, in Terraform's: pieces of advice, and the names of fields. An agent of an
// older version speaks so too.

import { connectionField } from "../../../schema/connection";
import type { Field, Fields } from "../../../schema/field";
import { resources } from "../../../schema/index";
import { attributeName } from "../../../schema/terraform/attribute-name";

const advice: readonly (readonly [said: string | RegExp, meant: string])[] = [
  ["`pulumi refresh` and `pulumi up`", "`terraform apply`"],
  ["`pulumi refresh`", "`terraform apply -refresh-only`"],
  ["`pulumi up`", "`terraform apply`"],
  ["`pulumi stack --show-ids --show-urns` names them", "`terraform state list` names the resources"],
  ["`pulumi state delete URN`", "`terraform state rm ADDRESS`"],
  ["allowDataLoss: true", "allow_data_loss = true"],
  [/(declare )?migration\.mode: "(\w+)"/g, '$1migration = { mode = "$2" }'],
];

/** `connection.port`, and no host of that name. */
const connectionPath = new RegExp(
  `\\b(nodeC|c)onnection(?=\\.(${Object.keys(connectionField.fields).join("|")})\\b)`,
  "g",
);
/** What stands in quotes, and paths: a user's own words. */
const ownWords = /("[^"]*"|\S*\/\S*)/;

/** Names of two words, which no sentence has by chance. */
const twoWordNames = [
  ...new Set(resources.flatMap(({ inputs, outputs }) => namesIn({ ...inputs, ...outputs }))),
].filter((name) => /[A-Z]/.test(name));
const fieldNames = new RegExp(`\\b(${twoWordNames.join("|")})\\b`, "g");

/** The text as a Terraform user would say it. */
export function terraformWords(text: string): string {
  const advised = advice.reduce((said, [from, to]) => said.replaceAll(from, to), text);
  return advised
    .split(ownWords)
    .map((part, index) => (index % 2 === 1 ? part : nameFields(part)))
    .join("");
}

function nameFields(text: string): string {
  return text
    .replaceAll(connectionPath, (_path, start) => (start === "c" ? "ssh" : "node.ssh"))
    .replaceAll(fieldNames, (name) => (name === "nodeConnection" ? "node.ssh" : attributeName(name)));
}

function namesIn(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [name, ...namesInside(field)]);
}

function namesInside(field: Field): string[] {
  if (field.type === "list") return namesInside(field.items);
  return field.type === "object" ? namesIn(field.fields) : [];
}
