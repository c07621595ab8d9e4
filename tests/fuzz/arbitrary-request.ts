// HTTP requests to the agent: every verb with bodies sound and nearly sound, parameters that exist and that cannot, and what no
// client of ours sends: other methods, paths, headers, broken JSON, lengths that lie, chunks, and callers that go away.

import fc, { type Arbitrary } from "fast-check";
import { type VerbName, type VerbShape, verbs } from "../../provider/protocol/verbs";
import { nearBody, oddValue, soundBody, verbsWithBody } from "./arbitrary-body";

/** One request as bytes on the wire. `cutAt`: the caller goes away after so many bytes. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
  /** Sizes of the parts that it is written in; the rest is written at once. */
  readonly parts: readonly number[];
  readonly framing: "length" | "chunked" | "short" | "long";
  readonly cutAt: number | undefined;
}

/** Values of path parameters that name something in the tested world, by the parameter's name. */
export type KnownParams = Readonly<Record<string, readonly string[]>>;

const shapes = Object.entries(verbs) as readonly (readonly [VerbName, VerbShape])[];

/** Requests for a side of the agent. `without` names verbs that the world cannot have called with a sound body. */
export function arbitraryRequest(
  side: VerbShape["side"],
  params: KnownParams,
  without: readonly VerbName[] = [],
): Arbitrary<FuzzedRequest> {
  const ofSide = shapes.filter(([verb, shape]) => shape.side === side && !without.includes(verb));
  const ofVerb = fc
    .constantFrom(...ofSide)
    .chain(([verb, shape]) =>
      fc.record({ method: fc.constant(shape.method as string), path: pathOf(shape.path, params), body: bodyOf(verb) }),
    );
  const target = fc.oneof(
    { weight: 8, arbitrary: ofVerb },
    { weight: 1, arbitrary: strange },
    { weight: 1, arbitrary: ofVerb.chain(spoilt) },
  );
  return fc
    .record({
      target,
      headers: fc.array(oddHeader, { maxLength: 2 }),
      parts: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }),
      framing: fc.constantFrom("length", "length", "length", "chunked", "short", "long") as Arbitrary<
        FuzzedRequest["framing"]
      >,
      cutAt: fc.option(fc.nat(600), { freq: 12, nil: undefined }),
    })
    .map(({ target: { method, path, body }, ...rest }) => ({ ...rest, method, path, body }));
}

function pathOf(path: string, params: KnownParams): Arbitrary<string> {
  const segments = path.split("/").map((segment) => {
    if (!segment.startsWith(":")) return fc.constant(segment);
    const known = params[segment.slice(1)] ?? ["a".repeat(26)];
    const odd = fc.constantFrom("..", "%2e%2e", "%00", "%zz", "", "a".repeat(5_000), "%2Fetc%2Fpasswd", "-o", "a%20b");
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: odd });
  });
  return fc.tuple(...segments).map((parts) => parts.join("/"));
}

function bodyOf(verb: VerbName): Arbitrary<string> {
  const none = { weight: 1, arbitrary: fc.constant("") };
  const junk = {
    weight: 1,
    arbitrary: fc.oneof(
      oddValue.map((value) => JSON.stringify(value)),
      brokenJson,
    ),
  };
  if (!verbsWithBody.includes(verb)) return fc.oneof({ weight: 6, arbitrary: fc.constant("") }, junk);
  const sound = { weight: 2, arbitrary: soundBody(verb).map((body) => JSON.stringify(body)) };
  const near = { weight: 6, arbitrary: nearBody(verb).map((body) => JSON.stringify(body)) };
  return fc.oneof(sound, near, none, junk);
}

const brokenJson = fc.constantFrom(
  "{",
  "[",
  '{"a":',
  "}",
  "nul",
  "{}{}",
  '{"a":1,}',
  "\u0000",
  "[".repeat(20_000),
  '{"a":"',
);

const strange = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW"),
  path: fc.oneof(
    fc.constantFrom(
      "/",
      "*",
      "/v1",
      "/v1/",
      "//v1/health",
      "/v1/health/",
      "/v1/health?x=1",
      "/v1/../v1/health",
      "/p1/moves/x",
    ),
    fc.stringMatching(/^\/[!-~]{0,60}$/),
  ),
  body: fc.constantFrom("", "{}", "x"),
});

function spoilt(request: { method: string; path: string; body: string }): Arbitrary<typeof request> {
  return fc.oneof(
    fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH").map((method) => ({ ...request, method })),
    fc.nat(request.path.length).map((cut) => ({ ...request, path: request.path.slice(0, cut) || "/" })),
    fc.nat(request.body.length).map((cut) => ({ ...request, body: request.body.slice(0, cut) })),
  );
}

const oddHeader = fc.constantFrom(
  ...["Content-Type: text/plain", "Content-Encoding: gzip", "Expect: 100-continue", "Expect: 42", "Upgrade: h2c"],
  ...[
    "Connection: upgrade",
    "X-Leea-Protocol: 99",
    "X-Leea-Protocol: x",
    "Accept: */*",
    `X-Long: ${"a".repeat(9_000)}`,
  ],
  ...[
    "Transfer-Encoding: gzip, chunked",
    "Content-Length: 5",
    "Content-Length: -1",
    "Host: y",
    "Trailer: x",
    "Bad Header",
  ],
);
