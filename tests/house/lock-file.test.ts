// `npm ci` refuses a lock file that lacks an optional package of another platform; npm writes such a file where its
// registry does not have those. tools/complete-lock-file.mjs mends it.

import { readText } from "./checkout-files";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("package-lock.json", () => {
  test("lists every optional package, those for other platforms too", () => {
    const lock = JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const missing = Object.entries(lock.packages).flatMap(([parent, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {})
        .filter((name) => !(`node_modules/${name}` in lock.packages))
        .filter((name) => !(`${parent}/node_modules/${name}` in lock.packages)),
    );
    expect(missing).toEqual([]);
  });
});
