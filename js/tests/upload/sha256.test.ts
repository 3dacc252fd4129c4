import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digest } from "../../src/upload/digest-work";
import { Sha256 } from "../../src/upload/sha256";

const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 255);
const expected = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 500])(
  "%i bytes in pieces hash as in one",
  (length) => {
    const data = bytes(length);
    for (const step of [1, 7, 63, 64, 65, 200]) {
      const hash = new Sha256();
      for (let at = 0; at < length; at += step) hash.update(data.subarray(at, at + step));
      expect(hash.hex()).toBe(expected(data));
    }
  },
);

test("asking for the digest midway changes nothing", () => {
  const data = bytes(1000);
  const hash = new Sha256().update(data.subarray(0, 333));
  expect(hash.hex()).toBe(expected(data.subarray(0, 333)));
  expect(hash.update(data.subarray(333)).hex()).toBe(expected(data));
});

test("a file's beginning and whole are told, beyond the size of a slice", async () => {
  const data = bytes(3 * 2 ** 20 + 17);
  const told: unknown[] = [];
  await digest(new Blob([data]), 2 ** 20 + 5, (found) => told.push(found));
  expect(told).toEqual([{ prefix: expected(data.subarray(0, 2 ** 20 + 5)) }, { whole: expected(data) }]);
});

test("a file that can't be read is told and does not throw", async () => {
  const gone = {
    size: 10,
    slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }),
  };
  const told: { error?: string }[] = [];
  await digest(gone as unknown as Blob, 0, (found) => told.push(found));
  expect(told[0]?.error).toContain("NotReadableError");
});
