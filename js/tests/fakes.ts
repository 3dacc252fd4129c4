import type { AnyModel } from "@anywidget/types";
import type { AnyAsk, ClipFacts, StudioState, ToBrowser, TurnState } from "../src/generated/messages";

type Listener = (...args: unknown[]) => void;

/** A model whose kernel is the test: what was sent is kept, what the kernel says is said with `say`. */
export class FakeModel<T extends object = Record<string, unknown>> {
  readonly sent: { content: AnyAsk; buffers: readonly unknown[] }[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #state: T;

  constructor(state: T) {
    this.#state = { ...state };
  }

  get<K extends keyof T>(name: K): T[K] {
    return this.#state[name];
  }

  set<K extends keyof T>(name: K, value: T[K]): void {
    if (Object.is(this.#state[name], value)) return;
    this.#state[name] = value;
    this.#emit(`change:${String(name)}`);
  }

  save_changes(): void {}

  on(name: string, listener: Listener): void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(listener));
  }

  off(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener);
  }

  send(content: AnyAsk, _callbacks?: unknown, buffers: readonly unknown[] = []): void {
    this.sent.push({ content, buffers });
  }

  say(message: ToBrowser, buffers: DataView[] = []): void {
    this.#emit("msg:custom", message, buffers);
  }

  /** The kernel ends. */
  lose(): void {
    this.#emit("comm_live_update");
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((count, known) => count + known.size, 0);
  }

  get asModel(): AnyModel<T> {
    return this as unknown as AnyModel<T>;
  }

  #emit(name: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...args);
  }
}

export const CLIP: ClipFacts = {
  id: "abc123",
  name: "city.mp4",
  mime: "video/mp4",
  size_bytes: 10,
  duration_s: 10,
  width: 1920,
  height: 1080,
  fps: 30,
  backend: "local",
  prompt: "a city at night",
  poster: "",
};

export const TURN: TurnState = {
  number: 1,
  prompt: "a city",
  text: "",
  status: "done",
  activity: "",
  elapsed_s: 0,
  error: "",
  changes: [],
  shown: [],
  suggestions: [],
  hint: "",
};

export const STATE: StudioState = {
  backend: "local",
  where: "",
  recording: "",
  prompts: [],
  turns: [],
  assets: [],
  hand_overs: [],
  prompt_rows: null,
  timeline: "",
  preview: null,
  final: null,
  export: { status: "idle", fraction: null, elapsed_s: 0, error: "" },
  notice: "",
};

/** Let everything that is already due happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** Let the page draw. */
export async function drawn(): Promise<void> {
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
