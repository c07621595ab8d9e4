// The bundle behind `@leea/provider/pulumi`: the dispatch function with its ways to real hosts.

import { bundledAgentHash, openHost, removeAgent } from "../controller/host-session";
import { createDispatch } from "./dispatch";
import { createReport } from "./report-to-console";

/** Serves one operation of one resource; see dispatch.ts. Rejects with an Error whose message is for the user. */
export const dispatch = createDispatch({
  hosts: { open: openHost, removeAgent, bundledAgentHash },
  report: createReport((line) => console.log(line), Date.now),
  programFolder: process.cwd(),
});
