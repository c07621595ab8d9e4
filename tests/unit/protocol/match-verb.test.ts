// Routes are matched and written by the same list.

import { matchVerb, verbPath } from "../../../provider/protocol/match-verb";
import { type VerbName, verbs } from "../../../provider/protocol/verbs";

const names = Object.keys(verbs) as VerbName[];

test("every verb's path, filled with awkward values, names that verb and gives the values back", () => {
  for (const verb of names) {
    const params: Record<string, string> = {};
    for (const [, name] of verbs[verb].path.matchAll(/:(\w+)/g)) params[name ?? ""] = "a/b ?%c:ü";
    const found = matchVerb(verbs[verb].method, verbPath(verb, params), verbs[verb].side);
    expect(found).toEqual({ verb, params });
  }
});

test("a peer's path is no verb on the control side, nor the other way round", () => {
  expect(matchVerb("POST", "/p1/moves/m1/grant", "control")).toBeUndefined();
  expect(matchVerb("GET", "/v1/health", "peer")).toBeUndefined();
});

test("a query is ignored and odd paths name nothing", () => {
  expect(matchVerb("GET", "/v1/vms/x?deep=1", "control")?.verb).toBe("getVm");
  expect(matchVerb("GET", "/v1/vms/", "control")).toBeUndefined();
  expect(matchVerb("GET", "/v1/vms/%zz", "control")).toBeUndefined();
  expect(matchVerb("GET", "/v1/vms/a/b", "control")).toBeUndefined();
  expect(matchVerb("PATCH", "/v1/health", "control")).toBeUndefined();
});

test("a missing parameter is a defect of the caller", () => {
  expect(() => verbPath("getVm")).toThrow("vmId");
});
