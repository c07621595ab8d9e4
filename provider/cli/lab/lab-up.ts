// Makes a lab whole, from whatever is there: nothing, half of it after a crash, or all of it. A healthy lab is left
// exactly as it is. It must never touch an interface or a process that is not the lab's own.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { powerOff, powerOn } from "./host/host-power";
import { writeKnownHosts } from "./host/known-hosts";
import { prepareDisks } from "./lab-disks";
import { isHealthy, isHostHealthy } from "./lab-health";
import { hasMachineCable, hostAddress, plugMachine, unplugMachine } from "./lab-network";
import {
  hostProcess,
  type Lab,
  type LabHost,
  labDirectory,
  labUsers,
  readLab,
  requireName,
  writeLab,
} from "./lab-record";
import { endProcess, startFirstProcess } from "./machine/first-process";
import { takeSlot } from "./machine/lab-slot";
import { withLabLock } from "./machine/machine-lock";
import { findFirstProcesses, isAlive, type ProcessIdentity } from "./machine/process-identity";
import { requireTools } from "./machine/require-tools";
import { runCommand } from "./machine/run-command";
import { hostScript } from "./scripts/host-script";
import { inetScript, inetServer, lanScript } from "./scripts/segment-scripts";

/** What a lab is to be. */
export interface LabOptions {
  /** Default "default". Labs of different names run side by side, ten on a machine. */
  readonly name?: string;
  /** Names of hosts that the lab must have, default a, b and c for a new lab. Hosts that are there already stay. */
  readonly hosts?: readonly string[];
  /** For each host, absolute paths of files it must not seem to have. */
  readonly hide?: Readonly<Record<string, readonly string[]>>;
}

/** Makes the lab whole and gives its record: every host is on and its SSH servers answer. Hosts that run and answer are
 *  not touched. Throws TOOL_MISSING, INPUT_INVALID or LAB_FAILED. */
export async function labUp(options: LabOptions = {}): Promise<Lab> {
  const name = options.name ?? "default";
  const directory = labDirectory(name);
  for (const host of options.hosts ?? []) requireName("host", host, /^[a-z][a-z0-9-]{0,10}$/);
  requireTools();
  const present = readLab(name);
  if (present !== "absent" && covers(present, options) && (await isHealthy(present))) return present;
  return withLabLock(name, async () => {
    const lab = await prepareLab(name, directory, options);
    await endStrays(lab);
    const connected = await ensureSegments(lab);
    const hosts = await Promise.all(connected.hosts.map((host) => ensureHost(connected, host)));
    const whole = { ...connected, hosts };
    writeLab(whole);
    writeKnownHosts(whole);
    return whole;
  });
}

function covers(lab: Lab, options: LabOptions): boolean {
  const names = lab.hosts.map((host) => host.name);
  const hidden = (host: string) => lab.hosts.find((each) => each.name === host)?.hidden ?? [];
  const wanted = Object.entries(options.hide ?? {});
  return (
    (options.hosts ?? []).every((host) => names.includes(host)) &&
    wanted.every(([host, paths]) => paths.every((path) => hidden(host).includes(path)))
  );
}

/** The lab's folder, key, number and record, with the hosts that are still to come. */
async function prepareLab(name: string, directory: string, options: LabOptions): Promise<Lab> {
  await prepareDisks(directory);
  const slot = await takeSlot(directory);
  const identityFile = `${directory}/id_ed25519`;
  const publicKey = await ensureClientKey(identityFile, name);
  writeScripts(directory);
  const present = readLab(name);
  const old = present === "absent" ? [] : present.hosts;
  const added = (options.hosts ?? (old.length > 0 ? [] : ["a", "b", "c"])).filter(
    (host) => !old.some((each) => each.name === host),
  );
  const hosts = [...old, ...added.map(newHost)].map((host, index) => placeHost(host, slot, index, options));
  const moved = present === "absent" || present.slot !== slot;
  const segments = moved ? { inet: null, lan: null } : { inet: present.inet, lan: present.lan };
  const knownHostsFile = `${directory}/known_hosts`;
  const lab = { name, slot, directory, hosts, ...segments, identityFile, publicKey, knownHostsFile, users: labUsers };
  writeLab(lab);
  return lab;
}

function newHost(name: string): LabHost {
  const ports = { port: 22, noForwardPort: 2222 };
  return { name, address: "", ...ports, hostKey: "", pid: null, startTime: null, hidden: [] };
}

function placeHost(host: LabHost, slot: number, index: number, options: LabOptions): LabHost {
  const hidden = [...new Set([...host.hidden, ...(options.hide?.[host.name] ?? [])])];
  return { ...host, address: hostAddress(slot, index), hidden };
}

async function ensureClientKey(file: string, name: string): Promise<string> {
  if (!existsSync(file) || !existsSync(`${file}.pub`)) {
    // Made under another name first: ssh-keygen writes the two files one after the other.
    await runCommand(["rm", "-f", file, `${file}.new`, `${file}.new.pub`]);
    await runCommand(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", `leea-lab-${name}`, "-f", `${file}.new`]);
    renameSync(`${file}.new.pub`, `${file}.pub`);
    renameSync(`${file}.new`, file);
  }
  const publicKey = readFileSync(`${file}.pub`, "utf8").trim();
  const authorized = `${file.slice(0, file.lastIndexOf("/"))}/authorized_keys`;
  if (!existsSync(authorized)) writeFileSync(authorized, `${publicKey}\n`);
  return publicKey;
}

/** A running bash reads its script as it goes, so a script is replaced, never rewritten. */
function writeScripts(directory: string): void {
  const texts = { "host.sh": hostScript, "inet.sh": inetScript, "lan.sh": lanScript, "inet-server.cjs": inetServer };
  for (const [file, text] of Object.entries(texts)) {
    writeFileSync(`${directory}/${file}.new`, text, { mode: 0o755 });
    renameSync(`${directory}/${file}.new`, `${directory}/${file}`);
  }
}

/** Ends first processes that an earlier, killed command started and did not record. */
async function endStrays(lab: Lab): Promise<void> {
  const known = [...lab.hosts.map(hostProcess), lab.inet, lab.lan];
  const isKnown = (found: ProcessIdentity) =>
    known.some((each) => each?.pid === found.pid && each.startTime === found.startTime);
  const found = ["host.sh", "inet.sh", "lan.sh"].flatMap((script) => findFirstProcesses(`${lab.directory}/${script}`));
  await Promise.all(found.filter((each) => !isKnown(each)).map(endProcess));
}

/** The lab with both segments running. When one must be made anew the hosts lose their cables, so their power is cut. */
async function ensureSegments(lab: Lab): Promise<Lab> {
  const { inet, lan } = lab;
  const running = inet !== null && lan !== null && isAlive(inet) && isAlive(lan) && hasMachineCable(lab.slot);
  if (running) return lab;
  const hosts = await Promise.all(lab.hosts.map(powerOff));
  await Promise.all([inet, lan].filter((segment) => segment !== null).map(endProcess));
  await unplugMachine(lab.slot);
  const [newInet, newLan] = await Promise.all([
    startSegment(lab, "inet", (process) => plugMachine(lab.slot, process)),
    startSegment(lab, "lan", async () => undefined),
  ]);
  const connected = { ...lab, hosts, inet: newInet, lan: newLan };
  writeLab(connected);
  return connected;
}

async function startSegment(
  lab: Lab,
  segment: "inet" | "lan",
  plug: (process: ProcessIdentity) => Promise<void>,
): Promise<ProcessIdentity> {
  const spaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork"];
  const script = [`${lab.directory}/${segment}.sh`, lab.directory, String(lab.slot), process.execPath];
  const waiting = await startFirstProcess({
    what: `segment "${segment}"`,
    argv: ["unshare", ...spaces, "--", "/bin/bash", ...script],
    logFile: `${lab.directory}/${segment}.log`,
  });
  try {
    await plug(waiting.identity);
    await waiting.goOn();
    return waiting.identity;
  } catch (error) {
    await waiting.abandon();
    throw error;
  }
}

async function ensureHost(lab: Lab, host: LabHost): Promise<LabHost> {
  return (await isHostHealthy(host)) ? host : powerOn(lab, await powerOff(host));
}
