import type { AnyModel } from "@anywidget/types";
import { signal as makeSignal } from "@preact/signals";
import type { AnyAsk, ComparisonUpdate, ReplyTo, ToBrowser, Update } from "../generated/messages";
import type { Message, Shared } from "./view";

export type AskType = keyof ReplyTo;
export type Body<T extends AskType> = { type: T } & Omit<Extract<AnyAsk, { type: T }>, "id">;

export interface Answer<T extends AskType> {
  reply: ReplyTo[T];
  buffers: DataView[];
}

export interface AskOptions {
  signal?: AbortSignal;
  buffers?: ArrayBufferView[];
  /** The kernel goes on with it when nobody waits for the answer any more. */
  unstoppable?: boolean;
}

/** What the kernel says without being asked. */
export type AnyUpdate = Update | ComparisonUpdate;

/** What a view needs to ask the kernel for something; `Rpc` is the real one. */
export interface Asker {
  ask<T extends AskType>(body: Body<T>, options?: AskOptions): Promise<Answer<T>>;
}

/** The kernel answered that it could not; the message is for the person. */
export class KernelError extends Error {
  override name = "KernelError";
}

/** The kernel is gone. Every panel says so once, so who asked need not. */
export class KernelLost extends KernelError {
  override name = "KernelLost";
}

interface Pending {
  settle(message: ToBrowser, buffers: DataView[]): void;
  lose(): void;
}

/** What a person is told when the kernel is gone. */
export const LOST = "The kernel has stopped or was restarted. Run the notebook again from its first cell.";

/**
 * Questions to the kernel, matched to their answers by id.
 *
 * Every view of a model receives every message: ids begin with the view's own name, so that each takes its own. There is no
 * time-out: a busy kernel answers late, and a view that goes cancels what it still waits for.
 */
export class Rpc implements Asker {
  /** Whether the kernel is gone: nothing will be answered any more. */
  readonly lost = makeSignal(false);
  readonly #model: Pick<AnyModel, "on" | "off" | "send">;
  readonly #name = Math.random().toString(36).slice(2, 10);
  readonly #pending = new Map<string, Pending>();
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<(update: AnyUpdate) => void>();
  #asked = 0;

  constructor(model: Pick<AnyModel, "on" | "off" | "send">, shared: Shared, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
    const listen = (...message: Message) => this.#receive(...message);
    const lose = () => this.#lose();
    model.on("msg:custom", listen);
    model.on("comm_live_update", lose); // ipywidgets says so when the kernel ends or restarts
    signal.addEventListener("abort", () => {
      model.off("msg:custom", listen);
      model.off("comm_live_update", lose);
    });
    const early = shared.early ?? [];
    shared.early = null;
    queueMicrotask(() => {
      for (const message of early) this.#receive(...message);
    });
  }

  /** Hear of every update until the view goes. */
  onUpdate(listener: (update: AnyUpdate) => void): void {
    this.#listeners.add(listener);
  }

  ask<T extends AskType>(body: Body<T>, options: AskOptions = {}): Promise<Answer<T>> {
    const id = `${this.#name}-${++this.#asked}`;
    const signal = options.signal ? AbortSignal.any([this.#signal, options.signal]) : this.#signal;
    return new Promise<Answer<T>>((resolve, reject) => {
      if (signal.aborted) return reject(gone());
      if (this.lost.value) return reject(new KernelLost(LOST));
      const cancel = () => {
        this.#pending.delete(id);
        if (!options.unstoppable) this.#model.send({ type: "cancel", id });
        reject(gone());
      };
      signal.addEventListener("abort", cancel);
      this.#pending.set(id, {
        settle: (message, buffers) => {
          signal.removeEventListener("abort", cancel);
          this.#pending.delete(id);
          if (message.type === "failed") reject(new KernelError(message.message));
          else resolve({ reply: message as ReplyTo[T], buffers });
        },
        lose: () => {
          signal.removeEventListener("abort", cancel);
          reject(new KernelLost(LOST));
        },
      });
      this.#model.send({ ...body, id }, undefined, options.buffers ?? []);
    });
  }

  #lose(): void {
    this.lost.value = true;
    for (const pending of this.#pending.values()) pending.lose();
    this.#pending.clear();
  }

  #receive(content: unknown, buffers: DataView[]): void {
    if (!isToBrowser(content)) return;
    if (content.type === "update" || content.type === "comparison_update") {
      for (const listener of this.#listeners) listener(content);
    } else {
      this.#pending.get(content.id)?.settle(content, buffers);
    }
  }
}

function isToBrowser(content: unknown): content is ToBrowser {
  return typeof content === "object" && content !== null && "type" in content;
}

// anywidget aborts with a reason of its own, which is no error.
function gone(): DOMException {
  return new DOMException("Aborted: the answer is not wanted any more.", "AbortError");
}

/** Whether an error only says that the view went or the person changed their mind. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Whether the person knows already: they changed their mind, or the panel says that the kernel is gone. */
export function isKnown(error: unknown): boolean {
  return isAbort(error) || error instanceof KernelLost;
}

/** An error in words for the person. */
export function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
