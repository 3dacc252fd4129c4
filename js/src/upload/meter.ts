const SPAN_MS = 5000;
const LEAST_MS = 900;

/** How fast something grows, over its last seconds. */
export class Meter {
  #seen: { ms: number; bytes: number }[] = [];

  /** Note how much is there at a moment; begin again where it has become less. */
  note(ms: number, bytes: number): void {
    if (bytes < (this.#seen.at(-1)?.bytes ?? 0)) this.#seen = [];
    this.#seen.push({ ms, bytes });
    while (this.#seen.length > 2 && ms - (this.#seen[1]?.ms ?? ms) >= SPAN_MS) this.#seen.shift();
  }

  /** Bytes a second; 0 while too little was seen. */
  get rate(): number {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.ms - first.ms < LEAST_MS) return 0;
    return ((last.bytes - first.bytes) / (last.ms - first.ms)) * 1000;
  }
}
