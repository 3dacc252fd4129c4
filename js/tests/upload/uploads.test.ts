import { afterEach, beforeEach, expect, test } from "vitest";
import {
  FIRST_CHUNK_BYTES,
  type HandOverState,
  MAX_CHUNK_BYTES,
  WINDOW_CHUNKS,
} from "../../src/generated/messages";
import { Rpc } from "../../src/lib/rpc";
import { Uploads } from "../../src/upload/uploads";
import { SILENT_MS, WAITING_MS } from "../../src/upload/window";
import { FakeModel } from "../fakes";
import { digest, Kernel } from "./kernel";

const LIMIT = 50 * 2 ** 20;
let model: FakeModel;
let kernel: Kernel;
let uploads: Uploads;
let life: AbortController;
let now: number;
let handOvers: { value: HandOverState[] };

beforeEach(() => {
  model = new FakeModel({});
  kernel = new Kernel(model);
  life = new AbortController();
  now = 0;
  handOvers = { value: [] };
  uploads = new Uploads(new Rpc(model.asModel, { early: [] }, life.signal), life.signal, {
    maxBytes: () => LIMIT,
    handOvers: handOvers as never,
    digest,
    now: () => now,
  });
});

afterEach(() => life.abort());

/** Noise that is quickly made and differs everywhere. */
function contents(size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at, 2654435761);
  return new Uint8Array(words.buffer, 0, size);
}

const same = (one: Uint8Array | undefined, other: Uint8Array) =>
  Buffer.compare(one ?? new Uint8Array(), other) === 0;
const file = (name: string, size: number, lastModified = 1) =>
  new File([contents(size)], name, { lastModified });
const kinds = () => model.sent.map(({ content }) => content.type);
const count = (kind: string) => kinds().filter((one) => one === kind).length;
const stages = () => uploads.items.value.map(({ stage }) => stage.value);
const only = () => {
  const [item] = uploads.items.value;
  if (!item) throw new Error("there is no upload");
  return item;
};

test("a file arrives as it was, in chunks that grow, and its row goes", async () => {
  const size = 20 * 2 ** 20 + 77;
  uploads.add([file("beach.mov", size)]);
  await kernel.work();
  expect([...kernel.files.values()].map(({ name, done }) => [name, done])).toEqual([["beach.mov", true]]);
  expect(same(kernel.files.get("u1")?.bytes, contents(size))).toBe(true);
  expect(uploads.items.value).toEqual([]);
  expect(uploads.said.value).toBe("1 file uploaded");
  const sizes = model.sent
    .filter(({ content }) => content.type === "upload_chunk")
    .map(({ buffers }) => (buffers[0] as Uint8Array).byteLength);
  expect(sizes[0]).toBe(FIRST_CHUNK_BYTES);
  expect(Math.max(...sizes)).toBe(MAX_CHUNK_BYTES);
});

test("no more chunks are under way at once than the window allows, whatever the number of files", async () => {
  uploads.add(["a.mp4", "b.mp4", "c.mp4"].map((name) => file(name, 6 * FIRST_CHUNK_BYTES)));
  kernel.fails = (ask) => {
    if (ask.type === "upload_chunk") kernel.busy = true;
    return "";
  };
  await kernel.work();
  expect(count("upload_chunk")).toBeLessThanOrEqual(WINDOW_CHUNKS + 1);
});

test("several files share the way: none waits until another has arrived", async () => {
  uploads.add(["a.mp4", "b.mp4", "c.mp4"].map((name) => file(name, 12 * 2 ** 20)));
  await kernel.work();
  expect(uploads.items.value).toEqual([]);
  const first = (name: string) => kernel.order.indexOf(name);
  const last = (name: string) => kernel.order.lastIndexOf(name);
  for (const name of ["b.mp4", "c.mp4"]) expect(first(name)).toBeLessThan(last("a.mp4"));
});

test("what is empty or too large is told at once, and none of it moves", () => {
  uploads.add([file("empty.mp4", 0), { name: "long.mov", size: LIMIT + 1 } as File]);
  expect(model.sent).toEqual([]);
  expect(uploads.items.value.map(({ error }) => error.value)).toEqual([
    "empty.mp4 is empty: there is nothing to upload.",
    "long.mov is a little over 50 MB; the limit is 50 MB a file. Trim it, or compress it first.",
  ]);
});

test("what the kernel refuses is told in its words, and does not hold up the next", async () => {
  kernel.fails = (ask) =>
    ask.type === "begin_upload" && ask.name === "page.png" ? "page.png is no PNG but HTML." : "";
  uploads.add([file("page.png", 30), file("b.png", 30)]);
  await kernel.work();
  expect(only().error.value).toBe("page.png is no PNG but HTML.");
  expect(stages()).toEqual(["failed"]);
  expect(kernel.files.get("u1")?.done).toBe(true);
});

test("lost answers and lost chunks are found out by asking, and sent again until all is right", async () => {
  let turn = 0;
  kernel.loses = (ask) => ask.type === "upload_chunk" && ++turn % 3 === 0;
  kernel.misses = (ask) => ask.type === "upload_chunk" && ask.offset > 0 && ++turn % 4 === 0;
  const size = 30 * 2 ** 20 + 1;
  uploads.add([file("beach.mov", size)]);
  for (let round = 0; round < 200 && uploads.items.value.length > 0; round++) {
    await kernel.work();
    now += SILENT_MS + 20_000;
    uploads.window.tick();
  }
  expect(kernel.files.get("u1")).toMatchObject({ done: true });
  expect(same(kernel.files.get("u1")?.bytes, contents(size))).toBe(true);
});

test("a busy kernel is waited for: it is said, one question is asked, and nothing is sent twice", async () => {
  uploads.add([file("beach.mov", 3 * 2 ** 20)]);
  kernel.fails = (ask) => {
    if (ask.type === "begin_upload")
      queueMicrotask(() => {
        kernel.busy = true;
      });
    return "";
  };
  await kernel.work();
  kernel.busy = true;
  const before = count("upload_chunk");
  expect(before).toBeGreaterThan(0);
  for (let second = 0; second < 12; second++) {
    now += 1000;
    uploads.window.tick();
  }
  expect(uploads.window.waiting.value).toBe(true);
  expect(count("upload_chunk")).toBe(before + 1); // the question
  kernel.fails = () => "";
  kernel.busy = false;
  await kernel.work();
  expect(uploads.items.value).toEqual([]);
  expect(uploads.window.waiting.value).toBe(false);
  expect(same(kernel.files.get("u1")?.bytes, contents(3 * 2 ** 20))).toBe(true);
});

test("it says that it waits after two seconds, not before", async () => {
  uploads.add([file("beach.mov", 3 * 2 ** 20)]);
  kernel.misses = (ask) => ask.type === "upload_chunk";
  await kernel.work();
  now += WAITING_MS - 1;
  uploads.window.tick();
  expect(uploads.window.waiting.value).toBe(false);
  now += 2;
  uploads.window.tick();
  expect(uploads.window.waiting.value).toBe(true);
});

test.each(["begin_upload", "finish_upload"])(
  "a %s whose answer was lost with the connection is asked again when that is back",
  async (kind) => {
    const lost: string[] = [];
    kernel.loses = (ask) => ask.type === kind && lost.push(kind) === 1;
    uploads.add([file("beach.mov", 2 ** 20)]);
    await kernel.work();
    expect(uploads.items.value).toHaveLength(1);
    uploads.reconnected();
    await kernel.work();
    expect(uploads.items.value).toEqual([]);
    expect(count(kind)).toBe(2);
    expect(kinds()).not.toContain("cancel");
    expect(kernel.files.size).toBe(1);
  },
);

test("what the kernel has of the same file already is not sent again", async () => {
  const size = 4 * 2 ** 20;
  kernel.leave("old", "beach.mov", size, contents(size).subarray(0, 3 * 2 ** 20));
  uploads.add([file("beach.mov", size)]);
  await kernel.work();
  const sent = model.sent.filter(({ content }) => content.type === "upload_chunk");
  const bytes = sent.reduce((sum, { buffers }) => sum + (buffers[0] as Uint8Array).byteLength, 0);
  expect(bytes).toBe(2 ** 20);
  expect(kernel.files.get("old")).toMatchObject({ done: true });
  expect(uploads.items.value).toEqual([]);
});

test("a beginning that is not this file's is thrown away and the file begun anew", async () => {
  const size = 4 * 2 ** 20;
  kernel.leave("old", "beach.mov", size, new Uint8Array(3 * 2 ** 20).fill(9));
  uploads.add([file("beach.mov", size)]);
  await kernel.work();
  expect(kernel.files.has("old")).toBe(false);
  expect(same([...kernel.files.values()][0]?.bytes, contents(size))).toBe(true);
  expect(uploads.items.value).toEqual([]);
});

test("a paused file stands still and goes on from where it was", async () => {
  uploads.add([file("beach.mov", 40 * 2 ** 20)]);
  kernel.fails = (ask) => {
    if (ask.type === "upload_chunk" && ask.offset > 0) uploads.pause(only());
    return "";
  };
  await kernel.work();
  expect(stages()).toEqual(["paused"]);
  const { received } = only();
  expect(received.value).toBeGreaterThan(0);
  expect(received.value).toBeLessThan(40 * 2 ** 20);
  kernel.fails = () => "";
  uploads.resume(only());
  await kernel.work();
  expect(uploads.items.value).toEqual([]);
  expect(same(kernel.files.get("u1")?.bytes, contents(40 * 2 ** 20))).toBe(true);
});

test("a cancelled file is dropped in the kernel and the next one takes its place", async () => {
  uploads.add([file("beach.mov", 4 * 2 ** 20), file("b.mp4", 10)]);
  kernel.misses = (ask) => ask.type === "upload_chunk" && ask.upload === "u1";
  await kernel.work();
  uploads.cancel(only());
  await kernel.work();
  expect(uploads.items.value).toEqual([]);
  expect([...kernel.files.values()].map(({ name }) => name)).toEqual(["b.mp4"]);
});

test("a file cancelled before the kernel has answered is dropped when it does", async () => {
  kernel.busy = true;
  uploads.add([file("beach.mov", 2 ** 20)]);
  await kernel.work();
  uploads.cancel(only());
  kernel.busy = false;
  await kernel.work();
  expect(kernel.files.size).toBe(0);
  expect(kinds()).toEqual(["begin_upload", "drop_upload"]);
});

test("a hand-over that failed is tried again without moving the bytes again", async () => {
  kernel.fails = (ask) => (ask.type === "finish_upload" ? "The network is down." : "");
  uploads.add([file("beach.mov", 2 ** 20)]);
  await kernel.work();
  expect(only().error.value).toBe("The network is down.");
  const state = { upload: "u1", name: "beach.mov", size_bytes: 2 ** 20, sent_bytes: 0 };
  handOvers.value = [{ ...state, phase: "failed", error: "The network is down.", retryable: true }];
  const chunks = count("upload_chunk");
  uploads.again(only());
  await kernel.work();
  expect(count("retry_upload")).toBe(1);
  expect(count("upload_chunk")).toBe(chunks);
  expect(uploads.items.value).toEqual([]);
});

test("two files that the kernel can't tell apart go one after the other", async () => {
  kernel.misses = (ask) => ask.type === "upload_chunk";
  uploads.add([file("a.mp4", 100), file("a.mp4", 100)]);
  await kernel.work();
  expect(stages()).toEqual(["sending", "waiting"]);
  uploads.cancel(only());
  await kernel.work();
  expect(stages()).toEqual(["sending"]);
});

test("eight files are under way at once; the ninth begins when one has arrived", async () => {
  kernel.misses = (ask) => ask.type === "upload_chunk";
  uploads.add(Array.from({ length: 10 }, (_, place) => file(`${place}.mp4`, 100)));
  await kernel.work();
  expect(stages().filter((stage) => stage === "sending")).toHaveLength(8);
  uploads.cancel(only());
  await kernel.work();
  expect(stages().filter((stage) => stage === "sending")).toHaveLength(8);
});

test("the totals count what has arrived of the same batch", async () => {
  kernel.misses = (ask) => ask.type === "upload_chunk" && ask.upload === "u2";
  uploads.add([file("a.mp4", 1000), file("b.mp4", 3000)]);
  await kernel.work();
  now += 600;
  uploads.add([]);
  expect(uploads.items.value).toHaveLength(1);
  expect(uploads.totals.value).toMatchObject({ bytes: 4000 });
});

test("a kernel that ends leaves one sentence, and no way to try again", async () => {
  kernel.misses = (ask) => ask.type === "upload_chunk";
  uploads.add([file("beach.mov", 2 ** 20)]);
  await kernel.work();
  model.lose();
  await kernel.work();
  expect(only().error.value).toBe("The kernel ended before the session had beach.mov.");
});
