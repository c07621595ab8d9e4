// Put in front of the agent's bundle by dying-agent.ts: the real agent, that kills itself (SIGKILL) at a named point where
// its host has a plan for it. A point is before or after a file is given its synced name, after a daemon is started, or
// after something is removed. Without a plan nothing is different.

"use strict";

(() => {
  const { appendFileSync, existsSync, readFileSync, rmSync } = require("node:fs");
  const files = require("node:fs/promises");
  const children = require("node:child_process");
  const planFile = "/root/leea-death";
  const storyFile = "/root/leea-story";
  const counts = new Map();
  let plan;

  /** The act's name, `sync records 2`, or nothing where no plan is on. A new plan counts anew. */
  function nameOf(kind) {
    const found = existsSync(planFile) ? readFileSync(planFile, "utf8") : undefined;
    if (found !== plan) counts.clear();
    plan = found;
    if (plan === undefined) return undefined;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return `${kind} ${counts.get(kind)}`;
  }

  function pass(when, name) {
    if (name === undefined || plan === undefined) return;
    appendFileSync(storyFile, `${when} ${name}\n`);
    if (plan.split("\n")[1] !== `${when} ${name}`) return;
    rmSync(planFile); // the next agent lives
    process.kill(process.pid, "SIGKILL");
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }

  /** `records` for /var/lib/leea/records/x.json, `mesh.json` for /var/lib/leea/mesh.json, `run/net` for /run/leea/net/x. */
  function placeOf(path) {
    const [, root, first] = /^\/(var\/lib\/leea|run\/leea(?:-vm)?)\/([^/]+)/.exec(path) ?? [];
    if (root === undefined) return path;
    if (root === "run/leea-vm") return "run/vm";
    return root === "run/leea" ? `run/${first}` : first;
  }

  const { rename, rm } = files;
  files.rename = async (from, to) => {
    const name = nameOf(`sync ${placeOf(to)}`);
    pass("before", name);
    await rename(from, to);
    pass("after", name);
  };
  files.rm = async (path, options) => {
    const name = existsSync(path) ? nameOf(`remove ${placeOf(path)}`) : undefined;
    await rm(path, options);
    pass("after", name);
  };

  const { spawn } = children;
  children.spawn = (program, args, options) => {
    const name = options?.detached ? nameOf(`start ${programOf([program, ...args])}`) : undefined;
    const child = spawn(program, args, options);
    pass("after", name);
    return child;
  };

  /** What setpriv(1) is told to run, or the program itself. */
  function programOf(argv) {
    const path = argv[0] === "setpriv" ? argv[argv.indexOf("--") + 1] : argv[0];
    return path.slice(path.lastIndexOf("/") + 1);
  }
})();
