// The SSH handshake on an open socket: host key first, then the ways to log in, one after another. It must never offer
// a credential to a host whose key was not accepted.

import type { Duplex } from "node:stream";
import { Client, type ConnectConfig } from "ssh2";
import { LeeaError } from "../../model/errors";
import { type HostKeyCheck, prepareHostKeyCheck } from "./host-key-check";
import { collectLoginMethods, type LoginMethods } from "./login-methods";
import { connectTimeoutMs, unreachableError } from "./open-socket";
import { type Hop, labelHop } from "./route";

const keepaliveIntervalMs = 10_000;
const keepaliveCountMax = 2;

interface Handshake {
  keyError: LeeaError | undefined;
  /** True once the keys are exchanged: what fails afterwards is the login. */
  secured: boolean;
  readonly tried: string[];
}

/** What a hop is judged by and logged in with. */
export interface LoginPlan {
  readonly hop: Hop;
  readonly check: HostKeyCheck;
  readonly logins: LoginMethods;
}

/** Reads what this machine knows of a hop. AUTHENTICATION_FAILED where a declared identity cannot be used. */
export function planLogin(hop: Hop): LoginPlan {
  return { hop, check: prepareHostKeyCheck(hop), logins: collectLoginMethods(hop) };
}

/** Logs in over the socket, which it owns from here on. */
export function connectClient(plan: LoginPlan, socket: Duplex): Promise<Client> {
  return new Promise((resolve, reject) => {
    const { hop, check, logins } = plan;
    const state: Handshake = { keyError: undefined, secured: false, tried: [] };
    const client = new Client();
    const fail = (cause: Error): void => {
      if (isAgentTrouble(cause)) return;
      reject(explainFailure(plan, state, cause));
      client.destroy();
    };
    client.on("error", fail);
    client.once("close", () => fail(new Error("the host closed the connection")));
    client.once("handshake", () => {
      state.secured = true;
    });
    client.once("ready", () => {
      client.removeAllListeners("close");
      client.off("error", fail);
      client.on("error", () => undefined); // what ends a live connection shows as its "close"
      resolve(client);
    });
    client.connect({
      ...configOf(hop, check, state),
      sock: socket as NonNullable<ConnectConfig["sock"]>,
      authHandler: loginInTurn(logins, state),
    });
  });
}

function configOf(hop: Hop, check: HostKeyCheck, state: Handshake): ConnectConfig {
  return {
    username: hop.user,
    readyTimeout: connectTimeoutMs,
    keepaliveInterval: keepaliveIntervalMs,
    keepaliveCountMax,
    ...(check.algorithms === undefined ? {} : { algorithms: { serverHostKey: check.algorithms } }),
    hostVerifier: (blob: Buffer): boolean => {
      state.keyError = check.judge(blob);
      return state.keyError === undefined;
    },
  };
}

function loginInTurn(logins: LoginMethods, state: Handshake): NonNullable<ConnectConfig["authHandler"]> {
  const left = [...logins.methods];
  return (_methodsLeft, _partialSuccess, next) => {
    const login = left.shift();
    if (login === undefined) return next(false as never); // `false` ends the login; ssh2's types leave it out
    state.tried.push(login.name);
    next(login.method);
  };
}

// An SSH agent that cannot be asked, or that refuses to sign, is one way that failed; ssh2 goes on to the next.
function isAgentTrouble(error: Error): boolean {
  return "level" in error && error.level === "agent";
}

function explainFailure({ hop, check, logins }: LoginPlan, state: Handshake, cause: Error): LeeaError {
  if (state.keyError !== undefined) return state.keyError;
  if (check.algorithms !== undefined && /no matching host key format/i.test(cause.message)) return check.noKnownType;
  const level = "level" in cause ? cause.level : undefined;
  if (!state.secured || level === "client-timeout")
    return unreachableError(hop, `the SSH handshake failed (${cause.message})`, cause);
  return loginError(hop, logins, state.tried, cause);
}

function loginError(hop: Hop, logins: LoginMethods, tried: readonly string[], cause: Error): LeeaError {
  const skipped = logins.skipped.length === 0 ? "" : `; not tried: ${logins.skipped.join(", ")}`;
  return new LeeaError({
    code: "AUTHENTICATION_FAILED",
    message: `Unable to log in on host "${labelHop(hop)}" as ${hop.user}: it accepts none of: ${tried.join(", ") || "no key found"}${skipped}`,
    hint: `Add the public key to ~${hop.user}/.ssh/authorized_keys on the host, load the right key with ssh-add, or name it in connection.identity.`,
    details: { user: hop.user, tried, skipped: logins.skipped },
    cause,
  });
}
