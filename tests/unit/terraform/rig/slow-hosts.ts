// Hosts whose work can be made to go on for ever, so that a test may do something meanwhile.

import type { Hosts } from "../../../../provider/controller/handlers/handler-context";

/** Stands between a provider and its hosts. */
export class SlowHosts {
  private isSlow = false;
  private began: () => void = () => undefined;
  private fail: (() => never) | undefined;

  /** The same hosts, whose operations are not seen to end while they are slow. */
  readonly between = (hosts: Hosts): Hosts => ({
    ...hosts,
    open: async (connection, options) => {
      const session = await hosts.open(connection, options);
      return {
        ...session,
        follow: async (operation, onProgress) => {
          this.fail?.();
          if (!this.isSlow) return session.follow(operation, onProgress);
          this.began();
          return new Promise(() => undefined);
        },
      };
    },
  });

  /** From now on; resolves when a host has begun some work. */
  slowDown(): Promise<void> {
    this.isSlow = true;
    return new Promise((resolve) => {
      this.began = resolve;
    });
  }

  /** From now on work that is followed ends with this error, after what happens at the same moment. */
  failFollow(error: Error, meanwhile: () => void = () => undefined): void {
    this.fail = () => {
      meanwhile();
      throw error;
    };
  }

  speedUp(): void {
    this.isSlow = false;
  }
}
