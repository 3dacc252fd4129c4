import { signal as makeSignal } from "@preact/signals";
import type { Lane } from "./window";

/** Waiting for its turn, on its way to the kernel, held, on its way to the service, or not going on. */
export type Stage = "waiting" | "sending" | "paused" | "handing" | "failed";

let count = 0;

/** A file on its way to the session, as its row shows it. */
export class Upload {
  readonly key = ++count;
  readonly stage = makeSignal<Stage>("waiting");
  /** How much of it the kernel has, in bytes. */
  readonly received = makeSignal(0);
  /** Bytes a second, to the kernel; 0 while nobody knows. */
  readonly speed = makeSignal(0);
  readonly error = makeSignal("");
  /** What the kernel calls it; empty before it has answered, and for one that it refused. */
  id = "";
  lane: Lane | undefined;
  stop = new AbortController();

  constructor(readonly file: File) {}

  get name(): string {
    return this.file.name;
  }

  get size(): number {
    return this.file.size;
  }

  /** What the kernel takes for the same file. */
  get stamp(): string {
    return `${this.file.lastModified} ${this.size} ${this.name}`;
  }

  get isActive(): boolean {
    return this.stage.value === "sending" || this.stage.value === "handing";
  }
}
