// Which hosts a command asks: those it was told, else those of LEEA_HOSTS, else those of the Pulumi project around the
// current folder.

import { LeeaError } from "../../model/errors";
import { parseHost, type SharedWay, splitHosts } from "../../model/inputs/parse-host";
import { type ParsedWords, valueOf } from "../words/parse-words";
import { findProject, readStack } from "./read-stack";
import type { HostWay, StackVm } from "./stack-export";

/** The hosts, and what the stack says of its VMs where they come from one. */
export interface ChosenHosts {
  readonly hosts: readonly HostWay[];
  readonly stackVms: readonly StackVm[];
  /** What relative paths of the program are relative to. */
  readonly programFolder: string;
}

/** Chooses. INPUT_INVALID where there is nothing to choose from. */
export async function chooseHosts(parsed: ParsedWords): Promise<ChosenHosts> {
  const given = parsed.values["host"] ?? splitHosts(process.env["LEEA_HOSTS"] ?? "");
  if (given.length > 0) {
    const option = parsed.values["host"] === undefined ? "LEEA_HOSTS" : "--host";
    const shared = sharedWay(parsed);
    const hosts = given.map((text) => ({ connection: parseHost(text, shared, option) }));
    return { hosts, stackVms: [], programFolder: process.cwd() };
  }
  const project = findProject(process.cwd());
  if (project === undefined) throw noHosts("there is no Pulumi project in this folder");
  const { hosts, vms, programFolder } = await readStack(project, valueOf(parsed, "stack"));
  if (hosts.length === 0) throw noHosts(`the stack of ${project} has no MeshNode`);
  return { hosts: hosts.map((host) => withIdentity(host, parsed)), stackVms: vms, programFolder };
}

function sharedWay(parsed: ParsedWords): SharedWay {
  const identity = valueOf(parsed, "identity");
  const knownHosts = valueOf(parsed, "known-hosts");
  const keys = {
    ...(identity === undefined ? {} : { identity }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
  };
  const jump = valueOf(parsed, "jump");
  return {
    ...keys,
    ...(jump === undefined ? {} : { jump: parseHost(jump, keys, "--jump") }),
    ...(parsed.switches.has("sudo") ? { sudo: true } : {}),
  };
}

/** A key file that is given by hand goes before the declared one: that may be a path on another person's machine. */
function withIdentity(host: HostWay, parsed: ParsedWords): HostWay {
  const { identity, knownHosts } = sharedWay(parsed);
  const { hostKey, ...connection } = host.connection;
  const pinned = hostKey === undefined || knownHosts !== undefined ? {} : { hostKey };
  return {
    ...host,
    connection: {
      ...connection,
      ...pinned,
      ...(identity === undefined ? {} : { identity }),
      ...(knownHosts === undefined ? {} : { knownHosts }),
    },
  };
}

function noHosts(why: string): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `No host was named, and ${why}`,
    hint: "Name them with --host [user@]host (again for each), set LEEA_HOSTS, or run this in the folder of your Pulumi program.",
  });
}
