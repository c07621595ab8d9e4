// The real agent as a process, and its control socket as a client sees it. It is killed and never asked to end.

import { type ChildProcess, spawn } from "node:child_process";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { hostPaths } from "../../../provider/agent/host-paths";
import { verbPath } from "../../../provider/protocol/match-verb";
import { type VerbName, type VerbTypes, verbs } from "../../../provider/protocol/verbs";

const paths = hostPaths();
const upLimitMs = 60_000;
const callLimitMs = 60_000;

/** An answer: the body, or the error that the agent gave. */
export type Reply<T> = { readonly body: T } | { readonly error: { readonly code: string; readonly message: string } };

/** The agent of this host. */
export class AgentLife {
  readonly #bundle: string;
  #child: ChildProcess | undefined;

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** Starts it. It answers later: see `answers`. */
  start(): void {
    this.#child = spawn(process.execPath, [this.#bundle, "serve"], { detached: true, stdio: ["ignore", "ignore", 2] });
  }

  /** kill -9, and the wait until the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Waits until it answers. */
  async answers(): Promise<void> {
    const deadline = Date.now() + upLimitMs;
    for (;;) {
      const health = await this.call("getHealth", {}).catch(() => undefined);
      if (health !== undefined && "body" in health) return;
      if (this.#child?.exitCode !== null) throw new Error("the agent ended by itself");
      if (Date.now() > deadline) throw new Error("the agent does not answer");
      await delay(10);
    }
  }

  /** Sends a verb. It fails where the agent dies before it has answered. */
  call<V extends VerbName>(
    verb: V,
    { params = {}, body }: { params?: Readonly<Record<string, string>>; body?: VerbTypes[V]["body"] },
  ): Promise<Reply<VerbTypes[V]["answer"]>> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const options = { socketPath: paths.socket, method: verbs[verb].method, path: verbPath(verb, params), headers };
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, signal: AbortSignal.timeout(callLimitMs) }, (response) => {
        let answer = "";
        response.on("data", (chunk: Buffer) => (answer += chunk.toString()));
        response.on("error", reject);
        response.on("end", () => {
          const value = JSON.parse(answer) as VerbTypes[V]["answer"] & { error?: { code: string; message: string } };
          resolve(response.statusCode === 200 ? { body: value } : { error: value.error ?? { code: "?", message: "" } });
        });
      });
      sent.on("error", reject);
      sent.end(text);
    });
  }
}
