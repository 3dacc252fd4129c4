// The first 32 bits of the fractions of square and cube roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3).
const ROUNDS = new Int32Array(64);
const START = new Int32Array(8);
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;
for (let candidate = 2, found = 0; found < 64; candidate++) {
  let prime = true;
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) prime &&= candidate % divisor !== 0;
  if (!prime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(candidate));
  ROUNDS[found++] = fraction(Math.cbrt(candidate));
}

const BLOCK_BYTES = 64;

/**
 * SHA-256 of what comes in pieces (FIPS 180-4).
 *
 * Our own because `crypto.subtle` takes no pieces and is missing on pages over plain HTTP; @noble/hashes took 5.4 kB for two
 * thirds of the speed.
 */
export class Sha256 {
  readonly #state = START.slice();
  readonly #words = new Int32Array(64);
  readonly #rest = new Uint8Array(BLOCK_BYTES);
  #restBytes = 0;
  #bytes = 0;

  update(piece: Uint8Array): this {
    this.#bytes += piece.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(piece.length, BLOCK_BYTES - this.#restBytes);
      this.#rest.set(piece.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < BLOCK_BYTES) return this;
      this.#blocks(this.#rest);
    }
    const whole = at + Math.floor((piece.length - at) / BLOCK_BYTES) * BLOCK_BYTES;
    this.#blocks(piece.subarray(at, whole));
    this.#rest.set(piece.subarray(whole));
    this.#restBytes = piece.length - whole;
    return this;
  }

  /** Return the digest of all so far, in hex; more may follow. */
  hex(): string {
    const tail = new Uint8Array(this.#restBytes < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES);
    tail.set(this.#rest.subarray(0, this.#restBytes));
    tail[this.#restBytes] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(this.#bytes / 2 ** 29));
    view.setUint32(tail.length - 4, this.#bytes * 8); // its lowest 32 bits
    const before = this.#state.slice();
    this.#blocks(tail);
    const digest = [...this.#state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    this.#state.set(before);
    return digest;
  }

  #blocks(piece: Uint8Array): void {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < piece.length; at += BLOCK_BYTES) compress(this.#state, this.#words, view, at);
  }
}

// A function of one block: engines optimise that seven times better than a loop over many.
function compress(state: Int32Array, words: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15] as number;
    const y = words[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUNDS[i] as number) + (words[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const ends = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i++) state[i] = (state[i] as number) + (ends[i] as number);
}
