// StopProvider: Terraform was interrupted. Every RPC that is under way answers soon with the state that is true.

import { stoppedError } from "../../session/operation-end";
import type { Provider } from "../../session/provider";

/** The answer. */
export function stopProvider(provider: Provider): Promise<object> {
  provider.stop.abort(stoppedError());
  return Promise.resolve({});
}
