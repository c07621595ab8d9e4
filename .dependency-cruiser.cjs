// The arrows between zones. Each rule's comment is the reason that a person who breaks it will read.
// No exceptions: move the code to the zone where it belongs instead.
const PURE = "^(schema|provider/model|provider/protocol)/";

const onlyTo = (name, zone, allowed, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: zone },
  to: { path: "^(schema|provider|sdk|tests|setup|examples)/", pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two files that need each other are one thing in two places; name the third that both need.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolved",
      severity: "error",
      comment: "An import that leads nowhere builds on one machine only.",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "pure-zones-import-no-node-and-no-package",
      severity: "error",
      comment: "schema, model and protocol decide; what decides must be testable without a machine, so it has no I/O.",
      from: { path: PURE },
      to: { dependencyTypesNot: ["local", "type-only", "undetermined", "unknown"] },
    },
    onlyTo(
      "schema-imports-nothing-of-ours",
      "^schema/",
      "^schema/",
      "schema is what can be asked for; all else reads it.",
    ),
    onlyTo(
      "model-sees-schema-only",
      "^provider/model/",
      "^(provider/model|schema)/",
      "model decides from values it is given; it knows neither the wire nor a host.",
    ),
    onlyTo(
      "protocol-sees-model-and-schema-only",
      "^provider/protocol/",
      "^(provider/protocol|provider/model|schema)/",
      "protocol is the words of both sides; it must not lean on one of them.",
    ),
    onlyTo(
      "agent-never-imports-the-controller",
      "^provider/agent/",
      "^(provider/agent|provider/protocol|provider/model|schema)/",
      "an agent acts on one host and is shipped alone; it meets the controller in protocol only.",
    ),
    onlyTo(
      "controller-never-imports-the-agent",
      "^provider/controller/",
      "^(provider/controller|provider/protocol|provider/model|schema)/",
      "a controller reaches an agent of another version over the wire; it meets it in protocol only.",
    ),
    onlyTo(
      "pulumi-door-is-thin",
      "^provider/pulumi/",
      "^(provider/pulumi|provider/controller|provider/protocol|provider/model|schema)/",
      "a front door translates; what it would share with the other door belongs in controller.",
    ),
    onlyTo(
      "terraform-door-is-thin",
      "^provider/terraform/",
      "^(provider/terraform|provider/controller|provider/protocol|provider/model|schema)/",
      "a front door translates; what it would share with the other door belongs in controller.",
    ),
    onlyTo(
      "cli-door-is-thin",
      "^provider/cli/",
      "^(provider/cli|provider/controller|provider/protocol|provider/model|schema)/",
      "a front door translates; what it would share with the other door belongs in controller.",
    ),
    onlyTo(
      "sdk-stands-alone",
      "^sdk/pulumi/src/",
      "^sdk/pulumi/",
      "the SDK is published; its types must not need our sources.",
    ),
    {
      name: "ssh2-behind-the-controller",
      severity: "error",
      comment: "ssh2 is kept behind the controller's connection, so that another transport is one file.",
      from: { path: "^provider/", pathNot: "^provider/controller/" },
      to: { path: "node_modules/(ssh2|axios)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-dev-dependency-in-what-ships",
      severity: "error",
      comment: "What is published or bundled may need only what its own package.json lists.",
      from: { path: "^(provider|sdk)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only", "npm", "npm-peer"], pathNot: "@types/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.cache|generated)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "default", "types"] },
  },
};
