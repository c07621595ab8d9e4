// What a person sees of a setup: aligned lines, honest durations.

import { runSetupCode } from "./run-setup-code";

const run = (body: string) => runSetupCode("step.mjs", body);

describe("setup's output", () => {
  test("durations are short and in the unit that fits", () => {
    expect(run("return [40, 9_940, 12_400, 185_000, 3_600_000].map(it.formatDuration)")).toEqual([
      "0.0 s",
      "9.9 s",
      "12 s",
      "3 min 05 s",
      "60 min 00 s",
    ]);
  });

  const collect = (options: string, work: string) => `
    const lines = [];
    const steps = it.createSteps({ ${options}, out: { write: (text) => lines.push(text.trimEnd()) } });
    await steps.run("npm packages", async (step) => { ${work} }).catch(() => {});
    return lines.map((line) => line.replace(/ [\\d.]+ s$/, " TIME"));`;

  test("a finished step is one line, with its time", () => {
    expect(run(collect("tellReady: false", 'return "installed 12";'))).toEqual([
      expect.stringMatching(/^ {2}npm packages {6}installed 12 {56}TIME$/),
    ]);
  });

  test("what must be read first is printed before it happens", () => {
    const lines = run(collect("tellReady: false", 'step.announce("installing bird2"); return "done";'));
    expect(lines).toEqual([expect.stringContaining("installing bird2"), expect.stringContaining("done")]);
  });

  test("a step with nothing to do is silent unless asked", () => {
    expect(run(collect("tellReady: false", 'return { ready: "there" };'))).toEqual([]);
    expect(run(collect("tellReady: true", 'return { ready: "there" };'))).toHaveLength(1);
  });

  test("a failed step says so in its line", () => {
    expect(run(collect("tellReady: false", 'throw new Error("no");'))).toEqual([expect.stringMatching(/failed.*TIME/)]);
  });
});
