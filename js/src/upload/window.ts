import { signal as makeSignal } from "@preact/signals";
import { WINDOW_CHUNKS } from "../generated/messages";
import { deferred } from "../lib/deferred";
import { type Asker, isAbort } from "../lib/rpc";
import { Pace } from "./pace";

/** So long without an answer, and the person is told that the kernel is busy. */
export const WAITING_MS = 2000;
/** So long without an answer, and the kernel is asked what it has. */
export const SILENT_MS = 5000;
/** So long without an answer to that, and it is asked again: the question itself may be lost. */
const PROBE_MS = 20_000;

interface Flight {
  lane: Lane;
  offset: number;
  bytes: number;
  sentMs: number;
  /** Nobody waits for its answer any more. */
  drop: AbortController;
}

/** A file on its way into the kernel, as far as its bytes go. */
export class Lane {
  /** How much of the beginning the kernel has. */
  readonly received;
  paused = false;
  /** What must be sent again. */
  readonly again: { offset: number; bytes: number }[] = [];
  readonly arrived: Promise<void>;
  readonly arrive: () => void;
  readonly fail: (reason: unknown) => void;
  next: number;
  flying = 0;
  rounds = 0;

  constructor(
    readonly file: Blob,
    readonly upload: string,
    receivedBytes: number,
  ) {
    this.next = receivedBytes;
    this.received = makeSignal(receivedBytes);
    const { promise, resolve, reject } = deferred<void>();
    promise.catch(() => undefined); // who waits for it is told
    [this.arrived, this.arrive, this.fail] = [promise, resolve, reject];
  }

  get hasMore(): boolean {
    return !this.paused && (this.again.length > 0 || this.next < this.file.size);
  }

  /** Take what is to be sent next, at most `mostBytes` of it. */
  take(mostBytes: number): { offset: number; bytes: number } {
    const lost = this.again.shift();
    if (lost) return lost;
    const offset = this.next;
    const bytes = Math.min(mostBytes, this.file.size - offset);
    this.next += bytes;
    return { offset, bytes };
  }
}

/**
 * The chunks of all files of a view that are under way at once: a few, each file in its turn.
 *
 * An answer that does not come may mean a busy kernel or a lost message. So nothing is sent again by the clock alone: the
 * kernel is asked what it has, and what was sent before that question and is still not answered when its answer comes is lost.
 */
export class Window {
  /** The kernel has not answered for two seconds. */
  readonly waiting = makeSignal(false);
  readonly #lanes: Lane[] = [];
  readonly #flights = new Set<Flight>();
  readonly #pace = new Pace();
  #heardMs = 0;
  #probedMs: number | undefined;
  #probe: AbortController | undefined;

  readonly #asker: Asker;
  readonly #signal: AbortSignal;
  readonly #now: () => number;

  constructor(asker: Asker, signal: AbortSignal, now: () => number) {
    this.#asker = asker;
    this.#signal = signal;
    this.#now = now;
  }

  add(lane: Lane): void {
    this.#lanes.push(lane);
    this.pump();
    this.#settle(lane);
  }

  /** Send no more of a file, and wait for no answer about it. */
  remove(lane: Lane): void {
    const at = this.#lanes.indexOf(lane);
    if (at >= 0) this.#lanes.splice(at, 1);
    for (const flight of this.#flights) if (flight.lane === lane) this.#land(flight);
    this.pump();
  }

  /** Send as much as may be under way; each file in its turn. */
  pump(): void {
    while (this.#flights.size < WINDOW_CHUNKS) {
      const at = this.#lanes.findIndex((lane) => lane.hasMore);
      const lane = this.#lanes[at];
      if (!lane) return;
      this.#lanes.push(...this.#lanes.splice(at, 1));
      void this.#send(lane);
    }
  }

  /** Look at the clock; called a few times a second while something is under way. */
  tick(): void {
    const now = this.#now();
    const silentMs = this.#flights.size > 0 ? now - this.#heardMs : 0;
    this.waiting.value = silentMs > WAITING_MS;
    if (silentMs > SILENT_MS && now - (this.#probedMs ?? 0) > (this.#probedMs === undefined ? 0 : PROBE_MS))
      void this.probe();
  }

  /** Ask the kernel what it has; what was sent before and is not answered by then is sent again. */
  async probe(): Promise<void> {
    const [oldest] = this.#flights;
    if (!oldest) return;
    this.#probe?.abort();
    const probe = new AbortController();
    this.#probe = probe;
    const askedMs = this.#now();
    this.#probedMs = askedMs;
    try {
      const signal = AbortSignal.any([this.#signal, probe.signal]);
      const { lane } = oldest;
      // An empty chunk: it is answered as every chunk, and writes nothing.
      const body = { type: "upload_chunk", upload: lane.upload, offset: 0 } as const;
      const { reply } = await this.#asker.ask(body, { signal, unstoppable: true });
      lane.received.value = Math.max(lane.received.value, reply.received_bytes);
      this.#heard();
      for (const flight of [...this.#flights]) {
        if (flight.sentMs > askedMs) continue;
        flight.lane.again.push({ offset: flight.offset, bytes: flight.bytes });
        this.#land(flight);
      }
      this.pump();
    } catch (error) {
      if (!isAbort(error)) oldest.lane.fail(error);
    } finally {
      if (this.#probe === probe) this.#probe = this.#probedMs = undefined;
    }
  }

  async #send(lane: Lane): Promise<void> {
    const { offset, bytes } = lane.take(this.#pace.chunkBytes);
    const drop = new AbortController();
    if (this.#flights.size === 0) this.#heard();
    const flight: Flight = { lane, offset, bytes, sentMs: Number.POSITIVE_INFINITY, drop };
    this.#flights.add(flight);
    lane.flying++;
    try {
      const piece = new Uint8Array(await lane.file.slice(offset, offset + bytes).arrayBuffer());
      const signal = AbortSignal.any([this.#signal, drop.signal]);
      flight.sentMs = this.#now();
      const body = { type: "upload_chunk", upload: lane.upload, offset } as const;
      const { reply } = await this.#asker.ask(body, { signal, buffers: [piece], unstoppable: true });
      this.#heard();
      this.#pace.answered(bytes, this.#now() - flight.sentMs);
      lane.received.value = Math.max(lane.received.value, reply.received_bytes);
    } catch (error) {
      if (!drop.signal.aborted) lane.fail(error);
    }
    this.#land(flight);
    this.#settle(lane);
    this.pump();
  }

  #heard(): void {
    this.#heardMs = this.#now();
    this.waiting.value = false;
  }

  #land(flight: Flight): void {
    if (!this.#flights.delete(flight)) return;
    flight.lane.flying--;
    flight.drop.abort();
  }

  #settle(lane: Lane): void {
    if (lane.flying > 0 || lane.again.length > 0 || lane.next < lane.file.size) return;
    const received = lane.received.value;
    if (received >= lane.file.size) lane.arrive();
    // All was answered and yet something is missing: send the rest again, then let the kernel say what is wrong.
    else if (lane.rounds++ < 3) lane.next = received;
    else lane.arrive();
  }
}
