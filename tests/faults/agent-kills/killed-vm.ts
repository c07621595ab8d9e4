// One VM as its owner sees it: what was last acknowledged, and the operation that is on its way. An operation that a kill
// broke off is sent again under a new id, as the provider's next run does, until it is acknowledged.

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { encodeBase32 } from "../../../provider/model/base32";
import type { VmSpec } from "../../../provider/model/vm-spec";
import type { Operation } from "../../../provider/protocol/operation";
import type { VmReport } from "../../../provider/protocol/vm";
import type { AgentLife } from "./agent-life";

const owner = "acme/kills/test";
const endLimitMs = 90_000;
const lookMs = 15;

/** What a VM is to be. */
export type Wanted = "absent" | "running" | "stopped";

/** An operation as its caller knows it. `heard`: what the agent last said of it. */
interface Sent {
  readonly operationId: string;
  readonly wanted: Wanted;
  readonly vcpus: number;
  heard: Operation | undefined;
}

/** What was found wrong, in words; empty where nothing is. */
type Problems = readonly string[];

/** A VM and its owner. */
export class KilledVm {
  readonly vmId: string;
  readonly name: string;
  /** As the last acknowledged operation said. */
  wanted: Wanted = "absent";
  vcpus = 1;
  incarnation = 0;
  /** Its QEMU after that, as the host shows it. */
  pid: number | undefined;
  /** True from an order that needs another QEMU, or none, until the next look. */
  wasOrdered = false;
  readonly #agent: AgentLife;
  #count = 0;
  #sent: Sent | undefined;

  constructor(agent: AgentLife, name: string) {
    this.#agent = agent;
    this.name = name;
    this.vmId = encodeBase32(createHash("sha256").update(name).digest()).slice(0, 26);
  }

  /** True where the agent has accepted it. */
  get isAccepted(): boolean {
    return this.#sent?.heard !== undefined;
  }

  /** Sends an operation and follows it for as long as the agent lives. */
  async order(wanted: Wanted, vcpus: number): Promise<void> {
    this.#count += 1;
    const sent: Sent = { operationId: `${this.name}-order-${this.#count}`, wanted, vcpus, heard: undefined };
    this.#sent = sent;
    this.wasOrdered = sent.wanted !== "running" || this.wanted !== "running" || sent.vcpus !== this.vcpus;
    await this.#send(sent).catch(() => undefined); // killed meanwhile: what was heard until then counts
  }

  /** After a kill: whether what was acknowledged is still known, then the operation brought to its end. */
  async settle(): Promise<Problems> {
    const sent = this.#sent;
    if (sent === undefined) return [];
    const problems = sent.heard === undefined ? [] : await this.#recall(sent, sent.heard);
    let last = sent;
    const deadline = Date.now() + endLimitMs;
    while (last.heard?.state !== "succeeded") {
      if (Date.now() > deadline) throw new Error(`${this.name} never ended: ${JSON.stringify(last.heard)}`);
      this.#count += 1;
      last = { ...sent, operationId: `${this.name}-order-${this.#count}`, heard: undefined };
      await this.#send(last);
      if (last.heard === undefined) await delay(lookMs);
    }
    this.#sent = undefined;
    this.wanted = last.wanted;
    this.vcpus = last.vcpus;
    const report = last.heard.result as Partial<VmReport>;
    this.incarnation = report.incarnation ?? this.incarnation;
    return problems;
  }

  /** What the agent says of it differs from what was acknowledged. */
  async check(): Promise<Problems> {
    const reply = await this.#agent.call("getVm", { params: { vmId: this.vmId } });
    if (!("body" in reply)) return [`${this.name}: ${reply.error.message}`];
    const answer = reply.body;
    const is = answer.found === "here" ? answer.report.state : "absent";
    const vcpus = answer.found === "here" ? answer.report.spec.vcpus : this.vcpus;
    const isRight = is === this.wanted && (this.wanted === "absent" || vcpus === this.vcpus);
    return isRight
      ? []
      : [`${this.name} is ${is} with ${vcpus}, and was acknowledged ${this.wanted} with ${this.vcpus}`];
  }

  /** An operation that was accepted must be known, and one that had succeeded must still say the same. */
  async #recall(sent: Sent, before: Operation): Promise<Problems> {
    const params = { operationId: sent.operationId };
    const reply = await this.#agent.call("getOperation", { params });
    if (!("body" in reply)) return [`${sent.operationId} was acknowledged and is forgotten: ${reply.error.message}`];
    await this.#follow(sent);
    if (before.state !== "succeeded") return [];
    const same = JSON.stringify(sent.heard?.result) === JSON.stringify(before.result);
    return same ? [] : [`${sent.operationId} had succeeded and is ${JSON.stringify(sent.heard)}`];
  }

  async #send(sent: Sent): Promise<void> {
    const { operationId } = sent;
    const params = { vmId: this.vmId };
    const body = {
      operationId,
      owner,
      logicalName: this.name,
      spec: this.#specOf(sent),
      creating: this.wanted === "absent",
    };
    const reply =
      sent.wanted === "absent"
        ? await this.#agent.call("deleteVm", {
            params,
            body: { operationId, owner, incarnation: this.incarnation + 9 },
          })
        : await this.#agent.call("putVm", { params, body: { ...body, allowDataLoss: false } });
    if (!("body" in reply)) return;
    sent.heard = reply.body;
    await this.#follow(sent);
  }

  async #follow(sent: Sent): Promise<void> {
    const params = { operationId: sent.operationId };
    for (;;) {
      const reply = await this.#agent.call("getOperation", { params });
      if (!("body" in reply)) return;
      sent.heard = reply.body;
      if (sent.heard.state !== "running") return;
      await delay(lookMs);
    }
  }

  #specOf({ wanted, vcpus }: Sent): VmSpec {
    return {
      name: this.name,
      vcpus,
      memoryBytes: 32 * 2 ** 20,
      cpu: "portable",
      disks: [{ name: "root", sizeBytes: 2 ** 20 }],
      nics: [],
      migration: { downtimeLimitMs: 30 },
      powerState: wanted === "stopped" ? "stopped" : "running",
    };
  }
}
