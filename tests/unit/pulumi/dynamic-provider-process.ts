// Pulumi's own dynamic provider process, as the engine starts it, and its gRPC calls. The parts of Pulumi's SDK that speak
// its protocol are loaded from where the SDK finds them, as they are its dependencies and not ours.

import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));

type Message = Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;
type Properties = Readonly<Record<string, unknown>>;
type Call = (request: Message, done: (error: Error | null, response: Message) => void) => void;

interface Loaded {
  readonly grpc: { credentials: { createInsecure(): unknown } };
  readonly messages: Record<string, new () => Message>;
  readonly services: {
    ResourceProviderClient: new (address: string, credentials: unknown) => Record<string, Call> & { close(): void };
  };
  readonly struct: { Struct: { fromJavaScript(value: unknown): unknown } };
}

function load(): Loaded {
  return {
    grpc: fromSdk("@grpc/grpc-js") as Loaded["grpc"],
    messages: fromSdk("@pulumi/pulumi/proto/provider_pb") as Loaded["messages"],
    services: fromSdk("@pulumi/pulumi/proto/provider_grpc_pb") as Loaded["services"],
    struct: fromSdk("google-protobuf/google/protobuf/struct_pb.js") as Loaded["struct"],
  };
}

/** The process with its calls; properties are plain values. */
export interface DynamicProviderProcess {
  configure(config: Properties): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: number; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(properties: Properties): Promise<{ id: string; properties: Properties }>;
  read(id: string, properties: Properties): Promise<{ id: string; properties: Properties }>;
  /** Lines that it printed, which Pulumi shows under the stack. */
  readonly printed: string[];
  /** The first line from the given one on that matches; they come on another way than the answers. */
  waitForLine(pattern: RegExp, from: number): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the process in a folder, from which it resolves modules. */
export async function startDynamicProvider(folder: string): Promise<DynamicProviderProcess> {
  const child = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => printed.push(line));
  const port = await readPort(child, printed);
  const { grpc, messages, services, struct } = load();
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const send = async (method: string, request: string, fields: Record<string, unknown>): Promise<Message> => {
    const message = new (messages[request] as new () => Message)();
    for (const [setter, value] of Object.entries(fields))
      message[setter]?.(isProperties(value) ? struct.Struct.fromJavaScript(value) : value);
    return new Promise((resolve, reject) =>
      client[method]?.(message, (error, response) => (error === null ? resolve(response) : reject(error))),
    );
  };
  const propertiesOf = (message: Message, getter: string): Properties =>
    (ask(message, getter) as { toJavaScript(): Properties }).toJavaScript();
  return {
    printed,
    waitForLine: (pattern, from) => waitForLine(printed, pattern, from),
    configure: async (config) => void (await send("configure", "ConfigureRequest", { setArgs: config })),
    check: async (olds, news) => {
      const response = await send("check", "CheckRequest", { setOlds: olds, setNews: news });
      const failures = (ask(response, "getFailuresList") as Message[]).map((failure) => ({
        property: String(ask(failure, "getProperty")),
        reason: String(ask(failure, "getReason")),
      }));
      return { inputs: propertiesOf(response, "getInputs"), failures };
    },
    diff: async (id, olds, news) => {
      const response = await send("diff", "DiffRequest", { setId: id, setOlds: olds, setNews: news });
      return {
        changes: Number(ask(response, "getChanges")),
        replaces: ask(response, "getReplacesList") as string[],
        deleteBeforeReplace: ask(response, "getDeletebeforereplace") as boolean,
      };
    },
    create: async (properties) => {
      const response = await send("create", "CreateRequest", { setProperties: properties });
      return { id: String(ask(response, "getId")), properties: propertiesOf(response, "getProperties") };
    },
    read: async (id, properties) => {
      const response = await send("read", "ReadRequest", { setId: id, setProperties: properties });
      return { id: String(ask(response, "getId")), properties: propertiesOf(response, "getProperties") };
    },
    stop: async () => {
      client.close();
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await ended;
    },
  };
}

function ask(message: Message, getter: string): unknown {
  const get = message[getter];
  if (get === undefined) throw new Error(`Pulumi's messages have no ${getter}`);
  return get.call(message);
}

async function waitForLine(printed: readonly string[], pattern: RegExp, from: number): Promise<string> {
  const deadlineMs = Date.now() + 20_000;
  for (;;) {
    const found = printed.slice(from).find((line) => pattern.test(line));
    if (found !== undefined) return found;
    if (Date.now() > deadlineMs) throw new Error(`no line like ${pattern}; there are:\n${printed.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isProperties(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The port is the first line that it prints; the later ones are messages. */
function readPort(child: ChildProcess, printed: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error("no output to read the port from");
    let port: number | undefined;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (port === undefined) resolve((port = Number(line)));
      else printed.push(line);
    });
    child.once("close", () => reject(new Error(`the dynamic provider ended: ${printed.join("\n")}`)));
  });
}
