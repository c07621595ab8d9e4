// How a VM moves, with every field that was left out filled in. Pure: the same words for controller and agent.

import { type MigrationSpec, migrationDefaults } from "../vm-spec";

type Rate = "maxBandwidthBytesPerSecond";

/** A MigrationSpec in which only the rate may be absent, which means no limit. */
export type MigrationRules = Required<Omit<MigrationSpec, Rate>> & Pick<MigrationSpec, Rate>;

/** The rules that a spec means. */
export function rulesOfMigration(spec: MigrationSpec): MigrationRules {
  return { ...migrationDefaults, ...spec };
}
