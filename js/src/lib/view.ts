import type { AnyModel, RenderProps } from "@anywidget/types";
import type { Signal } from "@preact/signals";

/** What a custom message arrives as: its content and the bytes beside it. */
export type Message = [content: unknown, buffers: DataView[]];

/** One object a model, shared by all of its views; the stub in `runtime.py` makes it. */
export interface Shared {
  /** What the kernel said before the first view was there; null from then on, so that nothing piles up. */
  early: Message[] | null;
  /** The views of a player, oldest first: whether each is the one whose playhead is the model's. */
  views?: Signal<boolean>[];
}

/** All that a view is given. It lives until `signal` aborts. */
export interface View<Traits extends object> {
  model: AnyModel<Traits>;
  el: HTMLElement;
  signal: AbortSignal;
  host: RenderProps["host"];
  shared: Shared;
}
