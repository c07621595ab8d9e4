// Who declares a resource, the same for each kind: filled in by the front doors, never by people.

import type { StringField } from "../field";

/** The program that a resource belongs to. */
export const ownerField: StringField = {
  type: "string",
  doc: "who declares it: organization/project/stack",
  internal: true,
  change: "none",
  maxLength: 300,
};

/** What that program calls it. */
export const logicalNameField: StringField = {
  type: "string",
  doc: "the resource's logical name",
  internal: true,
  change: "none",
  maxLength: 300,
};
