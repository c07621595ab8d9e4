// The words of the command line: what is read, what is refused and with which help; and that the texts cover the table.

import { allCommands } from "../../../provider/cli/words/all-commands";
import type { CommandWords } from "../../../provider/cli/words/command-words";
import { exitStatusOf } from "../../../provider/cli/words/exit-codes";
import { generateFiles } from "../../../provider/cli/words/generate";
import { helpOf, helpOfAll } from "../../../provider/cli/words/help-text";
import { countOf, parseWords, valueOf } from "../../../provider/cli/words/parse-words";
import { LeeaError } from "../../../provider/model/errors";

const { move, logs, status } = allCommands;

function problemsOf(command: CommandWords, words: readonly string[]): unknown {
  try {
    return parseWords(command, words);
  } catch (error) {
    if (!(error instanceof LeeaError)) throw error;
    return error.details?.["problems"];
  }
}

test("arguments and options may stand in any order, values behind a blank or a sign", () => {
  const parsed = parseWords(move, ["--host", "a", "web", "--host=ops@b:2222", "--dry-run", "b"]);
  expect(parsed.args).toEqual(["web", "b"]);
  expect(parsed.values).toEqual({ host: ["a", "ops@b:2222"] });
  expect([...parsed.switches]).toEqual(["dry-run"]);
  expect(valueOf(parsed, "host")).toBe("ops@b:2222");
  expect(parseWords(move, ["--", "--web", "b"]).args).toEqual(["--web", "b"]);
});

test("every mistake is told at once, an unknown option with the nearest one", () => {
  expect(
    problemsOf(move, ["web", "--dry-rum", "--host", "--json", "--stack", "a", "--stack", "b", "--json=yes"]),
  ).toEqual([
    "unknown option --dry-rum; did you mean --dry-run?",
    "--host needs a value: [USER@]HOST[:PORT]",
    "--stack stands twice",
    "--json takes no value",
    "NODE is missing: name or node id of the host to move to",
  ]);
  expect(problemsOf(status, ["web", "-x"])).toEqual(["unknown option -x", '"web" is one word too many']);
});

test("help is asked for whatever else is wrong", () => {
  expect(parseWords(move, ["--nonsense", "--help"]).wantsHelp).toBe(true);
});

test("a count is a whole number, and absent where it does not stand there", () => {
  expect(countOf(parseWords(logs, ["web", "--lines", "0"]), "lines", 200)).toBe(0);
  expect(countOf(parseWords(logs, ["web"]), "lines", 200)).toBe(200);
  for (const text of ["-1", "1.5", "many", ""])
    expect(() => countOf(parseWords(logs, ["web", `--lines=${text}`]), "lines", 200)).toThrow("is not a whole number");
});

test("help and documentation name every command, argument and option", () => {
  const docs = generateFiles()["docs/cli.md"] ?? "";
  for (const command of Object.values(allCommands) as CommandWords[]) {
    expect(helpOfAll()).toContain(command.name);
    expect(docs).toContain(`\`${command.name}\``);
    if (command.own === true) continue;
    const help = helpOf(command);
    for (const name of [...command.args.map((each) => each.name), ...command.options.map((each) => `--${each.name}`)]) {
      expect(help).toContain(name);
      expect(docs).toContain(name);
    }
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  }
});

test("a failure's exit status follows from its code", () => {
  const statusOf = (code: ConstructorParameters<typeof LeeaError>[0]["code"]) =>
    exitStatusOf(new LeeaError({ code, message: "" }));
  expect([
    statusOf("INPUT_INVALID"),
    statusOf("NOT_FOUND"),
    statusOf("HOST_UNREACHABLE"),
    statusOf("PREFLIGHT_FAILED"),
    statusOf("MOVE_FAILED"),
  ]).toEqual([2, 3, 4, 5, 1]);
  expect(exitStatusOf(new Error("defect"))).toBe(1);
});
