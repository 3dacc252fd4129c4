import { signal as makeSignal, type ReadonlySignal } from "@preact/signals";
import { type HandOverState, HEAD_BYTES } from "../generated/messages";
import {
  type Answer,
  type Asker,
  type AskOptions,
  type AskType,
  type Body,
  inWords,
  isAbort,
  KernelLost,
} from "../lib/rpc";
import { serverConfig } from "../player/stream/server-file";
import { type Digest, digester } from "./digest";
import { Meter } from "./meter";
import { Upload } from "./upload";
import { Lane, Window } from "./window";
import { countOf, refused } from "./words";

/** So many files are under way at once, and so many bytes: the kernel keeps them on its disk. */
const MOST_FILES = 8;
const MOST_BYTES = 2_000_000_000;
const TICK_MS = 500;

/** How all that was dropped together stands. */
export interface Totals {
  files: number;
  bytes: number;
  received: number;
  /** Bytes a second; 0 while nobody knows. */
  speed: number;
}

interface UploadsOptions {
  /** The largest file that is taken. */
  maxBytes(): number;
  handOvers: ReadonlySignal<readonly HandOverState[]>;
  digest?: Digest;
  now?: () => number;
}

/** Files from the browser to the service, through the kernel: several at once, each resumed where it can be. */
export class Uploads {
  readonly items = makeSignal<readonly Upload[]>([]);
  readonly totals = makeSignal<Totals>({ files: 0, bytes: 0, received: 0, speed: 0 });
  /** What a screen reader says next. */
  readonly said = makeSignal("");
  /** What was not taken, and why: about several files, or about something that is none. */
  readonly notice = makeSignal("");
  readonly window: Window;
  readonly #digest: Digest;
  readonly #now: () => number;
  readonly #meters = new WeakMap<Upload, Meter>();
  #connection = new AbortController();
  #total = new Meter();
  #done = { files: 0, bytes: 0 };
  #ticking: ReturnType<typeof setInterval> | undefined;

  readonly #asker: Asker;
  readonly #signal: AbortSignal;
  readonly #options: UploadsOptions;

  constructor(asker: Asker, signal: AbortSignal, options: UploadsOptions) {
    this.#asker = asker;
    this.#signal = signal;
    this.#options = options;
    this.#digest = options.digest ?? digester();
    this.#now = options.now ?? (() => performance.now());
    this.window = new Window(asker, signal, this.#now);
    signal.addEventListener("abort", () => clearInterval(this.#ticking));
  }

  add(files: Iterable<File>): void {
    const added = [...files].map((file) => new Upload(file));
    if (added.length === 0) return;
    this.notice.value = "";
    this.items.value = [...this.items.value, ...added];
    const wrong = added.filter((item) => {
      const words = refused(item.file, this.#options.maxBytes());
      if (words) this.#fail(item, words);
      return words !== "";
    });
    if (added.length > wrong.length) this.said.value = `Uploading ${countOf(added.length - wrong.length)}`;
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
    this.#admit();
    this.#tick();
  }

  /** Hand over files that the notebook's server has; their progress comes with the state. */
  addPaths(paths: readonly string[]): void {
    this.notice.value = "";
    const root = serverConfig()?.root ?? "";
    for (const path of paths)
      void this.#orNotice(this.#ask({ type: "upload_path", path, root }, this.#signal));
  }

  /** Send rows of prompts, to be compared. */
  addPrompts(name: string, text: string): Promise<void> {
    return this.#orNotice(this.#ask({ type: "begin_prompts", name, text }, this.#signal));
  }

  async #orNotice(asked: Promise<unknown>): Promise<void> {
    try {
      await asked;
    } catch (error) {
      if (!isAbort(error)) this.notice.value = `${this.notice.value} ${inWords(error)}`.trim();
    }
  }

  pause(item: Upload): void {
    if (item.stage.value !== "sending") return;
    item.stage.value = "paused";
    if (item.lane) item.lane.paused = true;
    this.#admit();
  }

  resume(item: Upload): void {
    if (item.stage.value !== "paused") return;
    item.stage.value = "sending";
    if (item.lane) item.lane.paused = false;
    this.window.pump();
  }

  /** Stop a file and let the kernel forget it, or take the row of one that failed away. */
  cancel(item: Upload): void {
    item.stop.abort();
    if (item.stage.value === "failed" && item.id) void this.drop(item.id);
    this.#forget(item);
  }

  /** Try a file again that failed: what the kernel has already is not sent again. */
  again(item: Upload): void {
    if (item.stage.value !== "failed") return;
    item.error.value = "";
    item.stop = new AbortController();
    const left = this.#options.handOvers.value.find(({ upload }) => upload === item.id);
    if (left?.retryable) {
      item.stage.value = "handing";
      void this.#attempt(item, () => this.#ask({ type: "retry_upload", upload: item.id }, item.stop.signal));
    } else {
      item.stage.value = "waiting";
      this.#admit();
    }
  }

  /** Try again what another view left, or what was left before the page was loaded again. */
  retry(upload: string): void {
    this.#ask({ type: "retry_upload", upload }, this.#signal).catch(() => undefined); // the state says what came of it
  }

  async drop(upload: string): Promise<void> {
    try {
      await this.#ask({ type: "drop_upload", upload }, this.#signal);
    } catch {
      // The kernel or the view has gone, and the file with it.
    }
  }

  /** The connection is back: what was under way may be lost, so ask again. */
  reconnected(): void {
    const before = this.#connection;
    this.#connection = new AbortController();
    before.abort();
    void this.window.probe();
  }

  #admit(): void {
    for (const item of this.items.value) {
      const active = this.items.value.filter((other) => other.isActive);
      const bytes = active.reduce((sum, { size }) => sum + size, 0);
      if (active.length >= MOST_FILES || (active.length > 0 && bytes + item.size > MOST_BYTES)) break;
      if (item.stage.value !== "waiting" || active.some(({ stamp }) => stamp === item.stamp)) continue;
      item.stage.value = "sending";
      void this.#attempt(item, () => this.#send(item));
    }
  }

  async #attempt(item: Upload, work: () => Promise<unknown>): Promise<void> {
    const { signal } = item.stop;
    try {
      await work();
      this.#done = { files: this.#done.files + 1, bytes: this.#done.bytes + item.size };
      this.#forget(item);
    } catch (error) {
      if (signal.aborted) {
        if (item.id) await this.drop(item.id);
      } else if (!this.#signal.aborted) this.#fail(item, saidOf(error, item.name));
    } finally {
      if (item.lane) this.window.remove(item.lane);
      item.lane = undefined;
      this.#admit();
    }
  }

  async #send(item: Upload): Promise<void> {
    const { file } = item;
    const { signal } = item.stop;
    for (let fresh = false; ; fresh = true) {
      item.id = "";
      item.received.value = 0;
      const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
      const described = { name: file.name, size_bytes: file.size, modified_ms: file.lastModified };
      // Not given up when the person cancels: the answer names what has to be dropped.
      const begun = await this.#ask({ type: "begin_upload", fresh, ...described }, this.#signal, [head]);
      const { upload, received_bytes, prefix_digest } = begun.reply;
      item.id = upload;
      signal.throwIfAborted();
      const digests = this.#digest(file, received_bytes, AbortSignal.any([this.#signal, signal]));
      if (await this.#move(item, received_bytes, prefix_digest, digests.prefix)) {
        item.stage.value = "handing";
        const digest = await digests.whole;
        await this.#ask({ type: "finish_upload", upload, digest }, signal);
        return;
      }
      await this.drop(upload);
    }
  }

  /** Send a file from `receivedBytes` on; false when the kernel's beginning turns out to be of another file. */
  async #move(item: Upload, receivedBytes: number, kernels: string, ours: Promise<string>): Promise<boolean> {
    const lane = new Lane(item.file, item.id, receivedBytes);
    lane.paused = item.stage.value === "paused";
    item.lane = lane;
    const stop = lane.received.subscribe((bytes) => {
      item.received.value = bytes;
    });
    const other = receivedBytes > 0 ? ours.then((mine) => mine !== kernels) : Promise.resolve(false);
    const abort = () => lane.fail(item.stop.signal.reason);
    item.stop.signal.addEventListener("abort", abort);
    try {
      this.window.add(lane);
      const changed = other.then((differs) => (differs ? true : lane.arrived.then(() => false)));
      return !(await Promise.race([changed, lane.arrived.then(() => other)]));
    } finally {
      stop();
      item.stop.signal.removeEventListener("abort", abort);
      this.window.remove(lane);
    }
  }

  /** Ask, and ask again when the connection was lost meanwhile: every ask of an upload may be repeated. */
  async #ask<T extends AskType>(
    body: Body<T>,
    signal: AbortSignal,
    buffers: ArrayBufferView[] = [],
  ): Promise<Answer<T>> {
    for (;;) {
      const { signal: connection } = this.#connection;
      const options: AskOptions = {
        signal: AbortSignal.any([this.#signal, signal, connection]),
        buffers,
        unstoppable: true,
      };
      try {
        return await this.#asker.ask(body, options);
      } catch (error) {
        if (!isAbort(error) || signal.aborted || this.#signal.aborted) throw error;
      }
    }
  }

  #fail(item: Upload, words: string): void {
    item.stage.value = "failed";
    item.error.value = words;
    this.said.value = words;
  }

  #forget(item: Upload): void {
    this.items.value = this.items.value.filter((other) => other !== item);
    this.#admit();
    if (this.items.value.some(({ stage }) => stage.value !== "failed")) return;
    if (this.#done.files > 0) this.said.value = `${countOf(this.#done.files)} uploaded`;
    this.#done = { files: 0, bytes: 0 };
    this.#total = new Meter();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#tick();
  }

  #tick(): void {
    const wasWaiting = this.window.waiting.value;
    this.window.tick();
    if (this.window.waiting.value && !wasWaiting) this.said.value = "Waiting for the kernel";
    const now = this.#now();
    const going = this.items.value.filter(({ stage }) => stage.value !== "failed");
    for (const item of going) {
      const meter = this.#meters.get(item) ?? new Meter();
      this.#meters.set(item, meter);
      meter.note(now, item.received.value);
      item.speed.value = item.stage.value === "sending" ? meter.rate : 0;
    }
    const received = going.reduce((sum, item) => sum + item.received.value, this.#done.bytes);
    this.#total.note(now, received);
    this.totals.value = {
      files: going.length,
      bytes: going.reduce((sum, { size }) => sum + size, this.#done.bytes),
      received,
      speed: this.#total.rate,
    };
  }
}

function saidOf(error: unknown, name: string): string {
  if (error instanceof KernelLost) return `The kernel ended before the session had ${name}.`;
  if (error instanceof DOMException)
    return `${name} can't be read any more: it was changed or moved. Choose it again.`;
  return inWords(error);
}
