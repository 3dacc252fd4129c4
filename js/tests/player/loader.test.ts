import { expect, test } from "vitest";
import { MAX_RANGE_BYTES } from "../../src/generated/messages";
import type { Answer, Asker } from "../../src/lib/rpc";
import { pullClip } from "../../src/player/loader";
import { CLIP } from "../fakes";

interface Range {
  offset: number;
  length: number;
}

/** A kernel that has `bytes`; each view that it answers with is a window onto a larger buffer, as a frame's is. */
function kernelWith(bytes: Uint8Array, asked: Range[] = []): Asker {
  return {
    ask: async (body) => {
      if (body.type !== "read_range") throw new Error("only ranges are expected");
      const { offset, length } = body as typeof body & Range;
      asked.push({ offset, length });
      const frame = new Uint8Array(length + 16);
      frame.set(bytes.subarray(offset, offset + length), 8);
      const reply = { type: "range_data", id: "", offset, total_bytes: bytes.length };
      return { reply, buffers: [new DataView(frame.buffer, 8, length)] } as unknown as Answer<never>;
    },
  };
}

const patterned = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);
const never = new AbortController().signal;

test.each([1, 1000, MAX_RANGE_BYTES / 4, MAX_RANGE_BYTES / 4 + 1, MAX_RANGE_BYTES * 4 + 7])(
  "%s bytes arrive whole and in order, in ranges that the kernel allows",
  async (size) => {
    const bytes = patterned(size);
    const asked: Range[] = [];
    const progress: number[] = [];
    const clip = { ...CLIP, size_bytes: size };
    const blob = await pullClip(kernelWith(bytes, asked), clip, {
      signal: never,
      onProgress: (fraction) => progress.push(fraction),
    });
    expect(blob.type).toBe("video/mp4");
    expect(Buffer.compare(Buffer.from(await blob.arrayBuffer()), Buffer.from(bytes))).toBe(0);
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(MAX_RANGE_BYTES);
    expect(progress.at(-1)).toBe(1);
  },
  30_000, // comparing 16 MB takes a busy machine a while
);

test("a file that changed since is told, not played", async () => {
  const clip = { ...CLIP, size_bytes: 2000 };
  const pulled = pullClip(kernelWith(patterned(1500)), clip, { signal: never, onProgress: () => {} });
  await expect(pulled).rejects.toThrow(/has changed/);
});
