import type { JSX } from "preact";
import { madeBy } from "./words";

/** Says who made a clip, so that nobody takes a local drawing for the AI's work. */
export function Badge({ backend }: { backend: string }): JSX.Element | null {
  const words = madeBy(backend);
  return words ? <span class={`nemo-badge nemo-badge-${backend}`}>{words}</span> : null;
}
