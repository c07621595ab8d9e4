// Programs that are built from their pinned Go module under tools/, where the machine has no copy of its own.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";
import { findProgram } from "../platform.mjs";
import { runCaptured, runOrFail } from "../run-command.mjs";

/** First Go release that builds what tools/ pins. */
export const OLDEST_GO = "1.26";

const GO_FOLDERS = ["/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin"];

/** Path of a Go that is new enough (or can fetch a toolchain that is, as Go itself does), or undefined. */
export async function findGo() {
  const go = findProgram("go", [process.env.PATH ?? "", ...GO_FOLDERS].join(":"));
  if (go === undefined) return undefined;
  // Asked inside the tool's module, Go answers with the toolchain that it would use there.
  const { status, output } = await runCaptured(go, ["env", "GOVERSION"], { cwd: toolFolder("wireguard-go") });
  const found = /go(\d+)\.(\d+)/.exec(output);
  const [major, minor] = OLDEST_GO.split(".").map(Number);
  const isNewEnough = found !== null && (Number(found[1]) > major || Number(found[2]) >= minor);
  return status === 0 && isNewEnough ? go : undefined;
}

/** Twelve characters that change when what the tools are built from changes. */
export function hashOfTools(...tools) {
  const hash = createHash("sha256");
  for (const tool of tools) {
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(toolFolder(tool), file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * Builds the main package `from` of tools/<tool> to the file `to`. No C compiler, no paths of this machine inside.
 * Downloads what it needs from the Go module proxy, checked against go.sum.
 */
export async function buildGoTool(go, { tool, from, to, tags = "", ldflags = "-s -w", say }) {
  let packages = 0;
  let downloads = 0;
  const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", `-tags=${tags}`, `-ldflags=${ldflags}`];
  await runOrFail(go, ["build", "-v", ...flags, "-o", to, from], {
    cwd: toolFolder(tool),
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
    onLine: (line) => {
      if (line.startsWith("go: downloading")) say(`${++downloads} modules downloaded, ${line.split(" ")[2]}`);
      else say(`${++packages} packages compiled, ${shorten(line)}`);
    },
    problem: `Unable to build ${tool}`,
    hint: "Check that Go reaches its module proxy (`go env GOPROXY`) and that 4 GB of disk are free, then run this again",
  });
}

function toolFolder(tool) {
  return join(ROOT, "tools", tool);
}

function shorten(line) {
  return line.length > 40 ? `…${line.slice(-39)}` : line;
}
