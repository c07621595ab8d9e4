// `[user@]host[:port]` and the options beside it -> the connection that a MeshNode would declare. Pure.

import type { Connection, JumpHost } from "../connection";
import { LeeaError } from "../errors";

/** What is common to all hosts that are given by hand. */
export interface SharedWay {
  readonly identity?: string;
  readonly knownHosts?: string;
  readonly jump?: JumpHost;
  readonly sudo?: boolean;
}

const shape =
  /^(?:([A-Za-z_][A-Za-z0-9_.-]*[$]?)@)?(\[[0-9A-Fa-f:.]+\]|[^\s@/,;|&$`\\'"[\]:-][^\s@/,;|&$`\\'"[\]:]*)(?::(\d{1,5}))?$/;

/** The connection. INPUT_INVALID where the text is no way to a host; `option` is what messages call it. */
export function parseHost(text: string, shared: SharedWay, option = "--host"): Connection {
  const [, user = "root", host = "", portText = "22"] = shape.exec(text) ?? [];
  const port = Number(portText);
  if (host === "" || port < 1 || port > 65_535)
    throw new LeeaError({
      code: "INPUT_INVALID",
      message: `${option}: "${text}" is no way to a host`,
      hint: "Write [user@]host[:port], such as ops@10.0.0.11:2222, or [fd00::1]:22 for an IPv6 address with a port.",
    });
  return { host: host.replace(/^\[|\]$/g, ""), port, user, ...shared };
}

/** The hosts in LEEA_HOSTS: separated by blanks or commas. */
export function splitHosts(text: string): string[] {
  return text.split(/[\s,]+/).filter((host) => host !== "");
}
