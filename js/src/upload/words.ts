import { elapsed, fileSize } from "../lib/words";

/** `1 file`, `3 files`. */
export function countOf(files: number): string {
  return files === 1 ? "1 file" : `${files} files`;
}

/** Why a file can't be taken, as far as its size tells; in the kernel's words, which looks at all of it. */
export function refused({ name, size }: File, maxBytes: number): string {
  if (size === 0) return `${name} is empty: there is nothing to upload.`;
  if (size <= maxBytes) return "";
  const limit = Math.floor(maxBytes / 2 ** 20);
  const whole = Math.round(size / 2 ** 20);
  const words = whole === limit ? `a little over ${whole} MB` : `${whole} MB`;
  return `${name} is ${words}; the limit is ${limit} MB a file. Trim it, or compress it first.`;
}

/** `12.4 of 200 MB · 38 MB/s · 5 s left`; what is not known is left out. */
export function progressWords(receivedBytes: number, bytes: number, speed: number): string {
  const words = [`${fileSize(receivedBytes)} of ${fileSize(bytes)}`];
  if (speed > 0) words.push(`${fileSize(speed)}/s`, `${elapsed((bytes - receivedBytes) / speed + 1)} left`);
  return words.join(" · ");
}
