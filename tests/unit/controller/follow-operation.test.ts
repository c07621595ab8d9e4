// An operation followed to its end: by its stream, across lost connections, and without a stream.

import type { ServerResponse } from "node:http";
import { followOperation } from "../../../provider/controller/follow-operation";
import type { Operation, Progress } from "../../../provider/protocol/operation";
import { type SocketAgent, serveOnSocket } from "./agent-on-socket";

const operation = (state: Operation["state"], more: Partial<Operation> = {}): Operation => ({
  operationId: "op-12345",
  kind: "put-vm",
  state,
  progress: { phase: state },
  startedAtMs: 1,
  ...more,
});
const event = (value: Operation, newline = "\n") =>
  `event: operation${newline}data: ${JSON.stringify(value)}${newline}${newline}`;

let agent: SocketAgent;
let streams: ((reply: ServerResponse) => void)[];
let questions: Operation[];
let recovered: number;

beforeAll(async () => {
  agent = await serveOnSocket((request, reply) => {
    if (request.url?.endsWith("/events") !== true) return reply.end(JSON.stringify(questions.shift()));
    reply.writeHead(200, { "content-type": "text/event-stream" });
    return streams.shift()?.(reply);
  });
});

beforeEach(() => {
  [streams, questions, recovered] = [[], [], 0];
});

afterAll(() => agent.close());

const follow = async (from: Operation, takeStream: () => (() => void) | undefined = () => () => undefined) => {
  const phases: string[] = [];
  const follower = {
    label: "host",
    client: agent.client,
    takeStream,
    recover: () => Promise.resolve(void (recovered += 1)),
  };
  const ended = await followOperation(follower, from, (progress: Progress) => phases.push(progress.phase));
  return { ended, phases };
};

test("each event is told, whatever pieces the stream comes in, and the end is given", async () => {
  streams.push((reply) => {
    const text =
      event(operation("running", { progress: { phase: "disk" } }), "\r\n") +
      event(operation("succeeded", { result: 42 }));
    reply.write(text.slice(0, 30));
    setImmediate(() => reply.end(text.slice(30)));
  });
  expect(await follow(operation("running"))).toEqual({
    ended: operation("succeeded", { result: 42 }),
    phases: ["disk", "succeeded"],
  });
});

test("an operation that has ended is not asked for", async () => {
  expect((await follow(operation("succeeded"))).ended.state).toBe("succeeded");
});

test("a stream that breaks off is taken up again after the way to the host is mended", async () => {
  streams.push(
    (reply) => reply.write(event(operation("running")), () => reply.destroy()),
    (reply) => reply.end(event(operation("succeeded"))),
  );
  expect((await follow(operation("running"))).phases).toEqual(["running", "succeeded"]);
  expect(recovered).toBe(1);
});

test("a stream that ends before the operation is followed by a question", async () => {
  streams.push((reply) => reply.end());
  questions.push(operation("succeeded"));
  expect((await follow(operation("running"))).ended.state).toBe("succeeded");
});

test("where no stream can be had the operation is asked for until it has ended", async () => {
  questions.push(operation("running"), operation("succeeded"));
  expect((await follow(operation("running"), () => undefined)).phases).toEqual(["running", "succeeded"]);
});

test("a failed operation throws the host's error, a cancelled one CANCELLED", async () => {
  const error = { code: "START_FAILED" as const, message: "no tap", hint: "make room" };
  await expect(follow(operation("failed", { error }))).rejects.toMatchObject(error);
  await expect(follow(operation("cancelled"))).rejects.toMatchObject({ code: "CANCELLED" });
});
