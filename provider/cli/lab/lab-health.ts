// Whether a lab is whole, judged from outside: processes, cable, and an answer from every SSH server. Changes nothing.

import { connect } from "node:net";
import { hasMachineCable } from "./lab-network";
import { hostProcess, type Lab, type LabHost } from "./lab-record";
import { findSlot } from "./machine/lab-slot";
import { isAlive } from "./machine/process-identity";

const answerTimeoutMs = 2_000;

/** True when both segments run, this machine has its cable, and every host is healthy. */
export async function isHealthy(lab: Lab): Promise<boolean> {
  if (lab.inet === null || lab.lan === null || !isAlive(lab.inet) || !isAlive(lab.lan)) return false;
  if (findSlot(lab.directory) !== lab.slot || !hasMachineCable(lab.slot)) return false;
  const answers = await Promise.all(lab.hosts.map(isHostHealthy));
  return answers.every(Boolean);
}

/** True when the host is on and both of its SSH servers greet. */
export async function isHostHealthy(host: LabHost): Promise<boolean> {
  const process = hostProcess(host);
  if (process === undefined || !isAlive(process)) return false;
  const answers = await Promise.all([host.port, host.noForwardPort].map((port) => greets(host.address, port)));
  return answers.every(Boolean);
}

/** RFC 4253 4.2: the server speaks first, and its first words are "SSH-". */
function greets(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(answerTimeoutMs, () => finish(false));
    socket.on("error", () => finish(false));
    socket.on("end", () => finish(false));
    socket.once("data", (chunk: Buffer) => finish(chunk.toString("latin1").startsWith("SSH-")));
  });
}
