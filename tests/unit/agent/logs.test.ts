// A log that is read while it grows and is turned over: everything once, in order, and an end when it is over.

import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tailFile } from "../../../provider/agent/console/tail-file";

jest.setTimeout(30_000);

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "leea-tail-")), "console.log");
});

async function readAll(parts: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part.toString();
  return text;
}

test("what is kept is read with its older part first", async () => {
  writeFileSync(`${path}.1`, "old ");
  writeFileSync(path, "new");
  expect(await readAll(tailFile({ path, lines: 1_000, isOver: () => true }))).toBe("old new");
  rmSync(path);
  rmSync(`${path}.1`);
  expect(await readAll(tailFile({ path, lines: 1_000, isOver: () => true }))).toBe("");
});

test("as many of the last lines as asked for, over both parts, an unfinished one included", async () => {
  writeFileSync(`${path}.1`, "1\n2\n3\n");
  writeFileSync(path, "4\n\n6");
  const last = (lines: number) => readAll(tailFile({ path, lines, isOver: () => true }));
  expect(await Promise.all([0, 1, 2, 4, 6, 99].map(last))).toEqual([
    "",
    "6",
    "\n6",
    "3\n4\n\n6",
    "1\n2\n3\n4\n\n6",
    "1\n2\n3\n4\n\n6",
  ]);
});

test("a log is followed from now, over its turn, to its end", async () => {
  writeFileSync(path, "before ");
  let isOver = false;
  let text = "";
  const reading = (async () => {
    for await (const part of tailFile({ path, lines: 0, isOver: () => isOver })) text += part.toString();
  })();
  const until = async (wanted: string): Promise<void> => {
    const deadline = Date.now() + 20_000;
    while (text !== wanted) {
      if (Date.now() > deadline) throw new Error(`have ${JSON.stringify(text)}, want ${JSON.stringify(wanted)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await new Promise((resolve) => setImmediate(resolve));
  const first = Date.now() + 20_000;
  while (text === "" && Date.now() < first) {
    appendFileSync(path, "1");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  text = "";
  appendFileSync(path, "2");
  await until("2");
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, "3");
  writeFileSync(path, "444");
  await until("23444");
  writeFileSync(path, "");
  appendFileSync(path, "5");
  isOver = true;
  await reading;
  expect(text).toBe("234445");
});

test("a log that is not there yet is waited for", async () => {
  let isOver = false;
  const reading = readAll(tailFile({ path, lines: 10, isOver: () => isOver }));
  writeFileSync(path, "late");
  setTimeout(() => (isOver = true), 300);
  expect(await reading).toBe("late");
});
