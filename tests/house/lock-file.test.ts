// `npm ci` refuses a lock file that lacks an optional package of another platform; npm writes such a file where its
// registry does not have those. tools/complete-lock-file.mjs mends it.

import { readText } from "./checkout-files";

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Where npm looks for a package that `parent` asks for: its own folder first, then those that it lies in. */
function placesOf(parent: string, name: string): string[] {
  const above = parent.lastIndexOf("/node_modules/");
  const rest = above === -1 ? [`node_modules/${name}`] : placesOf(parent.slice(0, above), name);
  return [`${parent}/node_modules/${name}`, ...rest];
}

describe("package-lock.json", () => {
  test("lists every optional package, those for other platforms too", () => {
    const lock = JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const missing = Object.entries(lock.packages).flatMap(([parent, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) => !placesOf(parent, name).some((place) => place in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("asks for this checkout's own packages in the version that they have: no registry has another", () => {
    const lock = JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const own = ["provider", "sdk/pulumi", "sdk/cdktf", "sdk/cdktn"].map(
      (folder) => JSON.parse(readText(`${folder}/package.json`)) as { name: string; version: string },
    );
    const asked = Object.entries(lock.packages).flatMap(([place, { dependencies = {} }]) =>
      own
        .filter(({ name }) => name in dependencies)
        .map(({ name }) => `${place} asks for ${name} ${dependencies[name]}`),
    );
    const wanted = asked.map((line) =>
      line.replace(/\S+$/, own.find(({ name }) => line.includes(name))?.version ?? ""),
    );
    expect(asked.length).toBeGreaterThan(1);
    expect(asked).toEqual(wanted);
  });
});
