// `leea lab`: the lab on the command line. Parses words, calls the library, prints. Decides nothing.

import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { bootHost, killHost } from "./host/host-power";
import { labDown } from "./lab-down";
import { labExecArgv } from "./lab-exec";
import { isHostHealthy } from "./lab-health";
import { type Lab, readLab, requireLab } from "./lab-record";
import { labUp } from "./lab-up";
import { systemPath } from "./machine/run-command";

const usage = `Usage: leea lab COMMAND [--name NAME]

  up [--hosts a,b,c]       make the lab whole: hosts with SSH, an uplink and a LAN, on this machine
  down                     end it and remove every trace
  status [--json]          what is there, and whether it answers
  exec HOST -- COMMAND...  run something inside a host (or inside "inet" or "lan")
  kill HOST                cut the host's power; its disk stays
  boot HOST                turn it on again

Labs of different names run side by side. The default name is "default".
`;

/** Runs \`leea lab ARGV\` and gives the exit status: 2 for words it does not know. Throws what the library throws. */
export async function labCommand(argv: readonly string[]): Promise<number> {
  const split = argv.indexOf("--");
  const words = split < 0 ? argv : argv.slice(0, split);
  const parsed = parseWords(words);
  if (parsed === undefined) return refuse();
  const { name, hosts, json } = parsed.values;
  const [command, host] = parsed.positionals;
  if (command === "up")
    return printLab(await labUp({ name, ...(hosts === undefined ? {} : { hosts: hosts.split(",") }) }));
  if (command === "down") return labDown(name).then(() => 0);
  if (command === "status") return printStatus(name, json);
  if (host === undefined) return refuse();
  if (command === "kill") return killHost(requireLab(name), host).then(() => 0);
  if (command === "boot") return bootHost(requireLab(name), host).then(() => 0);
  if (command !== "exec" || split < 0 || split === argv.length - 1) return refuse();
  return runInside(labExecArgv(requireLab(name), host, argv.slice(split + 1)));
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        name: { type: "string", default: "default" },
        hosts: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch {
    // An option that does not exist: the usage says which do.
    return undefined;
  }
}

function refuse(): number {
  process.stderr.write(usage);
  return 2;
}

async function printStatus(name: string, json: boolean): Promise<number> {
  const lab = readLab(name);
  if (json) {
    process.stdout.write(`${JSON.stringify(lab === "absent" ? { name, state: "absent" } : lab, null, 2)}\n`);
    return 0;
  }
  if (lab === "absent") {
    process.stdout.write(`Lab "${name}" does not exist. Make it with: leea lab up --name ${name}\n`);
    return 0;
  }
  return printLab(lab);
}

async function printLab(lab: Lab): Promise<number> {
  const states = await Promise.all(lab.hosts.map(describeHost.bind(undefined)));
  const login = `ssh -i ${lab.identityFile} -o UserKnownHostsFile=${lab.knownHostsFile} root@`;
  const lines = lab.hosts.map((host, index) => `  ${host.name.padEnd(12)}${host.address.padEnd(16)}${states[index]}`);
  process.stdout.write(`Lab "${lab.name}"\n${lines.join("\n")}\nLog in with: ${login}ADDRESS\n`);
  return 0;
}

async function describeHost(host: Lab["hosts"][number]): Promise<string> {
  if (await isHostHealthy(host)) return "on";
  return host.pid === null ? "off" : "on record, but does not answer: run `leea lab up`";
}

function runInside(argv: readonly string[]): Promise<number> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, PATH: systemPath } });
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
}
