// Quotas of the VFs of a fake Intel card, as the kernel documents xe's (sysfs-driver-intel-xe-sriov): a folder a VF, counted
// from 1 and there before the VFs are; fair shares where no VF has memory yet when VFs come; all gone when they go.

import type { FakeBus, Plugged } from "./fake-bus";

const mebibyte = 2 ** 20;
const times = ["exec_quantum_ms", "preempt_timeout_us"] as const;

interface Share {
  vram: number;
  exec_quantum_ms: number;
  preempt_timeout_us: number;
  priority: string;
}

/** The shares of one host's cards. */
export class FakeXe {
  /** The firmware refuses times, as it may (EIO). */
  isStubborn = false;
  private readonly shares = new Map<string, Share[]>();
  private readonly host: FakeBus;

  constructor(host: FakeBus) {
    this.host = host;
  }

  /** Gives a card with quotas its folders. */
  addCard(card: Plugged): void {
    if (card.sriov?.xe === undefined) return;
    this.shares.set(card.address, Array.from({ length: card.sriov.total }, none));
    this.tell(card);
  }

  /** VFs have come or are about to go: fair shares, or none at all. */
  split(card: Plugged, count: number): void {
    const shares = this.shares.get(card.address);
    if (card.sriov?.xe === undefined || shares === undefined) return;
    if (count === 0) this.shares.set(card.address, shares.map(none));
    else this.share(card, shares.slice(0, count));
    this.tell(card);
  }

  /** `address/vfN share` of each that is not as it was at first, for a comparison. */
  list(): readonly string[] {
    return [...this.shares].flatMap(([address, shares]) =>
      shares.flatMap((share, index) =>
        JSON.stringify(share) === JSON.stringify(none()) ? [] : [`${address}/vf${index + 1} ${JSON.stringify(share)}`],
      ),
    );
  }

  /** A write to one of the files; undefined where the path is none of these. */
  write(path: string, card: Plugged, text: string): object | undefined {
    const [, number = "", file = ""] = /\/sriov_admin\/vf(\d+)\/profile\/(\w+)$/.exec(path) ?? [];
    const share = this.shares.get(card.address)?.[Number(number) - 1];
    if (share === undefined) return undefined;
    const result =
      file === "sched_priority" ? this.prioritise(path, card, share, text) : this.set(path, card, share, text);
    this.tell(card);
    return result;
  }

  private prioritise(path: string, card: Plugged, share: Share, text: string): object {
    if (card.sriov?.xe?.hasPriorities !== true) return this.host.refuse(path, "EACCES");
    if (!["low", "normal"].includes(text)) return this.host.refuse(path, "EINVAL");
    share.priority = text;
    return {};
  }

  private set(path: string, card: Plugged, share: Share, text: string): object {
    if (!/^\d+$/.test(text)) return this.host.refuse(path, "EINVAL");
    const time = times.find((name) => path.endsWith(name));
    if (time !== undefined) {
      if (this.isStubborn) return this.host.refuse(path, "EIO");
      share[time] = Number(text);
      return {};
    }
    const aligned = Math.ceil(Number(text) / (2 * mebibyte)) * 2 * mebibyte;
    if (!path.endsWith("vram_quota") || aligned > this.free(card) + share.vram) return this.host.refuse(path, "EIO");
    share.vram = aligned;
    return {};
  }

  private share(card: Plugged, shares: readonly Share[]): void {
    for (const share of shares) Object.assign(share, { exec_quantum_ms: 16, preempt_timeout_us: 32_000 });
    if (shares.some(({ vram }) => vram > 0)) return;
    const fair = Math.floor(this.free(card) / shares.length / (2 * mebibyte)) * 2 * mebibyte;
    for (const share of shares) share.vram = fair;
  }

  private free(card: Plugged): number {
    const used = (this.shares.get(card.address) ?? []).reduce((sum, { vram }) => sum + vram, 0);
    return (card.sriov?.xe?.megabytes ?? 0) * mebibyte - used;
  }

  private tell(card: Plugged): void {
    for (const [index, share] of (this.shares.get(card.address) ?? []).entries()) {
      const put = (file: string, text: string, mode = 0o644): void =>
        this.host.setFile(card.address, `sriov_admin/vf${index + 1}/profile/${file}`, `${text}\n`, mode);
      for (const time of times) put(time, String(share[time]));
      const words = ["low", "normal"].map((word) => (word === share.priority ? `[${word}]` : word));
      put("sched_priority", words.join(" "), card.sriov?.xe?.hasPriorities === true ? 0o644 : 0o444);
      if (card.sriov?.xe?.megabytes !== undefined) put("vram_quota", String(share.vram));
    }
  }
}

function none(): Share {
  return { vram: 0, exec_quantum_ms: 0, preempt_timeout_us: 0, priority: "low" };
}
