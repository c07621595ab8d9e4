// A host's operating system that can only be looked at: every act but a look is an error, so that a test may read a machine
// whose devices are not its own.

import type { System } from "../../../provider/agent/system/system";

/** Programs that only read. */
const readers = new Set(["cat", "stat"]);

/** The same host, read only. `ran` is given each program that is run. */
export function readOnlySystem(system: System, ran: (words: string) => void): System {
  const refuse = (act: string) => (): never => {
    throw new Error(`a look at this machine was to ${act}`);
  };
  return {
    isAlive: (mark) => system.isAlive(mark),
    markOf: (pid) => system.markOf(pid),
    argvOf: (pid) => system.argvOf(pid),
    listPids: () => system.listPids(),
    readText: (path) => system.readText(path),
    list: (path) => system.list(path),
    exists: (path) => system.exists(path),
    readLink: (path) => system.readLink(path),
    factsOf: (path) => system.factsOf(path),
    nowMs: () => system.nowMs(),
    randomBytes: (count) => system.randomBytes(count),
    run: (argv, options) => {
      if (!readers.has(argv[0] ?? "")) refuse(`run ${argv.join(" ")}`)();
      ran(argv.join(" "));
      return system.run(argv, options);
    },
    startDaemon: refuse("start a program"),
    signal: refuse("signal a program"),
    writeDurable: refuse("write a file"),
    writeText: refuse("write a file"),
    appendText: refuse("write a file"),
    makeFolder: refuse("make a folder"),
    remove: refuse("remove a file"),
    setOwner: refuse("give a file away"),
  };
}
