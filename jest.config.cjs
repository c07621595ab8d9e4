// Four projects: `unit` never boots anything; `e2e` boots tiny guests in the lab and is run one file at a time; so are
// `gpu`, which boots emulated hosts with devices to hand out, and `faults`, which `npm run faults` runs and `npm test` does not.
// Types are checked by `npm run check`; here swc only strips them.
const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    {
      jsc: { parser: { syntax: "typescript" }, target: "es2023", keepClassNames: true },
      module: { type: "commonjs" },
      sourceMaps: "inline",
    },
  ],
};

const shared = {
  rootDir: __dirname,
  roots: ["<rootDir>/schema", "<rootDir>/provider", "<rootDir>/sdk", "<rootDir>/tests"],
  testEnvironment: "node",
  moduleFileExtensions: ["ts", "js", "cjs", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/.*/dist/"],
  transform,
};

module.exports = {
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: [
        "<rootDir>/tests/unit/**/*.test.ts",
        "<rootDir>/tests/house/**/*.test.ts",
        "<rootDir>/tests/conformance/**/*.test.ts",
      ],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/tests/e2e/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "gpu",
      testMatch: ["<rootDir>/tests/gpu-host/**/*.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/tests/gpu-host/rig/second-try.ts"],
    },
    {
      ...shared,
      displayName: "faults",
      testMatch: ["<rootDir>/tests/faults/**/*.test.ts"],
    },
  ],
};
