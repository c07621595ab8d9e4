// One link per way to a host in this process, however many sessions use it. A link that nobody uses ends by itself a
// little later, so that the next resource of the same host finds it open and the process can still end.

import type { Connection } from "../model/connection";
import { HostLink } from "./host-link";

/** A link with its users. */
export interface PooledLink {
  readonly link: HostLink;
  /** Gives it back; only the first call counts. */
  readonly release: () => void;
}

interface Entry {
  readonly link: HostLink;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

const idleLinkMs = 3_000;
const entries = new Map<string, Entry>();

/** Takes the link for a connection. Other values of any field, host keys above all, are another link. */
export function takeLink(connection: Connection): PooledLink {
  const key = JSON.stringify(sortFields(connection));
  const entry = entries.get(key) ?? { link: new HostLink(connection), users: 0, idle: undefined };
  entries.set(key, entry);
  clearTimeout(entry.idle);
  entry.users += 1;
  let held = true;
  return {
    link: entry.link,
    release: () => {
      if (!held) return;
      held = false;
      entry.users -= 1;
      if (entry.users === 0) entry.idle = setTimeout(() => dropLink(key, entry), idleLinkMs);
    },
  };
}

/** Ends every link that nobody uses at once, for programs that are about to end. */
export function closeIdleHosts(): void {
  for (const [key, entry] of entries) if (entry.users === 0) dropLink(key, entry);
}

function dropLink(key: string, entry: Entry): void {
  if (entry.users > 0) return;
  clearTimeout(entry.idle);
  if (entries.get(key) === entry) entries.delete(key);
  entry.link.end();
}

function sortFields(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, field]) => [name, sortFields(field)]);
}
