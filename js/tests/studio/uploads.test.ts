import { beforeEach, expect, test } from "vitest";
import { FIRST_CHUNK_BYTES, MAX_FILE_BYTES } from "../../src/generated/messages";
import { Rpc } from "../../src/lib/rpc";
import { Uploads } from "../../src/studio/uploads";
import { drawn, FakeModel } from "../fakes";

let model: FakeModel;
let uploads: Uploads;

beforeEach(() => {
  model = new FakeModel({});
  const { signal } = new AbortController();
  uploads = new Uploads(new Rpc(model.asModel, { early: [] }, signal), signal);
});

const file = (name: string, size: number) => new File([new Uint8Array(size).fill(7)], name);
const kinds = () => model.sent.map(({ content }) => content.type);

/** Be a kernel that takes everything, until there is nothing left to answer. */
async function takeAll(): Promise<number> {
  let received = 0;
  for (let answered = 0; ; answered++) {
    await drawn();
    const next = model.sent[answered];
    if (!next) return received;
    const { id, type } = next.content;
    if (type === "begin_upload")
      model.say({ type: "upload_begun", id, upload: "u1", received_bytes: 0, prefix_digest: "" });
    else if (type === "upload_chunk") {
      received += (next.buffers[0] as Uint8Array).byteLength;
      model.say({ type: "chunk_taken", id, received_bytes: received });
    } else model.say({ type: "done", id });
  }
}

test("a file goes over in chunks, one after the other, and is then handed on", async () => {
  uploads.add([file("beach.mov", FIRST_CHUNK_BYTES * 2 + 5)]);
  expect(await takeAll()).toBe(FIRST_CHUNK_BYTES * 2 + 5);
  expect(kinds()).toEqual(["begin_upload", "upload_chunk", "upload_chunk", "upload_chunk", "finish_upload"]);
  expect(uploads.items.value).toEqual([]);
});

test("a file too large never leaves the browser; its size, the limit and the way out are told", async () => {
  uploads.add([file("long.mov", MAX_FILE_BYTES + 1)]);
  await drawn();
  expect(kinds()).toEqual([]);
  expect(uploads.items.value[0]?.error.value).toMatch(
    /long\.mov is 210 MB.*200 MiB.*session\.upload\("long\.mov"\)/,
  );
});

test("a file that the service refuses is told, and does not hold up the next", async () => {
  uploads.add([file("notes.txt", 3), file("b.png", 3)]);
  await drawn();
  model.say({ type: "failed", id: model.sent[0]?.content.id ?? "", message: "notes.txt is no video." });
  await drawn();
  expect(uploads.items.value[0]?.error.value).toBe("notes.txt is no video.");
  expect(model.sent.at(-1)?.content).toMatchObject({ type: "begin_upload", name: "b.png" });
});

test("a cancelled upload stops asking and is dropped in the kernel", async () => {
  uploads.add([file("beach.mov", 3 * FIRST_CHUNK_BYTES)]);
  await drawn();
  model.say({
    type: "upload_begun",
    id: model.sent[0]?.content.id ?? "",
    upload: "u1",
    received_bytes: 0,
    prefix_digest: "",
  });
  await drawn();
  uploads.items.value[0]?.remove();
  await drawn();
  expect(kinds()).toEqual(["begin_upload", "upload_chunk", "cancel", "drop_upload"]);
  expect(uploads.items.value).toEqual([]);
});
