import { expect, test } from "vitest";
import { takeIn } from "../../src/upload/intake";
import { ofClipboard, ofDrop, ofFolder } from "../../src/upload/picking";
import type { Uploads } from "../../src/upload/uploads";

const file = (name: string, type = "", text: BlobPart = "x") => new File([text], name, { type });
const names = (files: File[]) => files.map(({ name }) => name);

/** An entry of a file system, as a drop has it; a reader gives two entries at a time. */
function entry(name: string, children?: FileSystemEntry[]): FileSystemEntry {
  const left = [...(children ?? [])];
  return {
    name,
    isDirectory: children !== undefined,
    file: (done: (file: File) => void) => done(file(name)),
    createReader: () => ({ readEntries: (done: (entries: unknown[]) => void) => done(left.splice(0, 2)) }),
  } as unknown as FileSystemEntry;
}

test("of a folder only what the service takes is taken, with all sub-folders; the rest is counted", async () => {
  const tree = entry("shoot", [
    entry("a.MOV"),
    entry("notes.doc"),
    entry("b.png"),
    entry("day 2", [entry("c.mp4"), entry(".DS_Store")]),
  ]);
  const items = [
    { webkitGetAsEntry: () => tree, getAsFile: () => file("shoot") },
    { webkitGetAsEntry: () => entry("single.xyz"), getAsFile: () => file("single.xyz") },
  ];
  const picked = await ofDrop({ items, files: [] } as unknown as DataTransfer);
  expect(names(picked.files)).toEqual(["single.xyz", "a.MOV", "b.png", "c.mp4"]);
  expect(picked.leftOut).toBe(2);
});

test("a picked folder is sorted out in the same way", () => {
  const { files, leftOut } = ofFolder([file("a.mp4"), file("b.txt"), file(".c.mp4")]);
  expect([names(files), leftOut]).toEqual([["a.mp4"], 2]);
});

test("pasted pictures get names of their own; text is left to the field", () => {
  const paste = (types: string[]) =>
    ({
      types,
      files: [file("image.png", "image/png"), file("image.png", "image/png")],
    }) as unknown as DataTransfer;
  expect(names(ofClipboard(paste(["Files"]), new Set(["pasted-1.png"])))).toEqual([
    "pasted-2.png",
    "pasted-3.png",
  ]);
  expect(ofClipboard(paste(["text/plain", "Files"]), new Set())).toEqual([]);
  expect(ofClipboard(null, new Set())).toEqual([]);
});

test("a text becomes the prompt, a table of prompts goes to the kernel, and footage is uploaded", async () => {
  const added: string[] = [];
  const prompts: string[] = [];
  const uploads = {
    notice: { value: "" },
    add: (files: File[]) => added.push(...names(files)),
    addPrompts: async (name: string, text: string) => prompts.push(name, text),
  };
  let prompt = "";
  const files = [file("a.mp4"), file("idea.txt", "", " a city \n"), file("rows.csv", "", "prompt\nx")];
  const use = (text: string) => {
    prompt = text;
  };
  await takeIn({ files, leftOut: 0 }, uploads as unknown as Uploads, use);
  expect([added, prompt, prompts, uploads.notice.value]).toEqual([
    ["a.mp4"],
    "a city",
    ["rows.csv", "prompt\nx"],
    "",
  ]);
  await takeIn(
    { files: [file("bad.txt", "", new Uint8Array([0xff, 0xfe]))], leftOut: 3 },
    uploads as never,
    use,
  );
  expect(uploads.notice.value).toMatch(/3 files of the folder left out.*bad\.txt can't be used.*UTF-8/);
  await takeIn({ files: [file("idea.txt")], leftOut: 0 }, uploads as never);
  expect(uploads.notice.value).toContain("drop it on a Studio");
});
