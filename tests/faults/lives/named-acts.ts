// The ways to hosts, with every act on a host told by name and count once it is over or refused, such as `putVm 1`. What a program
// leaves when it dies before its next act is what it leaves when it dies after this one.

import type { Hosts } from "../../../provider/controller/handlers/handler-context";
import type { HostSession } from "../../../provider/controller/host-session";

/** The same hosts. `onAct` is called after each act, before its result is known to the caller. */
export function tellActs(hosts: Hosts, onAct: (act: string) => void): Hosts {
  const counts = new Map<string, number>();
  const tell = async <T>(name: string, act: Promise<T>): Promise<T> => {
    try {
      return await act;
    } finally {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      onAct(`${name} ${counts.get(name)}`);
    }
  };
  const wrap = (session: HostSession): HostSession => ({
    hostLabel: session.hostLabel,
    protocol: session.protocol,
    call: (verb, request) => tell(verb, session.call(verb, request)),
    follow: (operation, onProgress) => tell("follow", session.follow(operation, onProgress)),
    uploadImage: (path, onProgress) => tell("uploadImage", session.uploadImage(path, onProgress)),
    close: () => session.close(),
  });
  return {
    open: async (connection, options) => wrap(await tell("open", hosts.open(connection, options))),
    removeAgent: (connection) => tell("removeAgent", hosts.removeAgent(connection)),
    bundledAgentHash: () => hosts.bundledAgentHash(),
  };
}
