import { signal as makeSignal, type ReadonlySignal } from "@preact/signals";
import { setTrait } from "../lib/traits";
import type { View } from "../lib/view";
import type { PlayerTraits } from "./traits";

/** Whether a view is the one of its model that plays and reports. */
export interface Leadership {
  /** It is the one now. */
  readonly leads: ReadonlySignal<boolean>;
  /** A person used this view: it is the one from now on. */
  take(): void;
}

/**
 * Of several views of one player only one plays and reports, the one a person touched last: the others would answer each
 * other's playheads. When it goes, the next takes over where it was; when the last goes, nothing plays.
 */
export function leadership({ model, signal, shared }: View<PlayerTraits>): Leadership {
  const leads = makeSignal(false);
  shared.views ??= [];
  const views = shared.views;
  const take = () => {
    for (const other of views) other.value = other === leads;
  };
  views.push(leads);
  if (!views.some((view) => view.value)) take();
  const leave = () => {
    views.splice(views.indexOf(leads), 1);
    if (!leads.value) return;
    leads.value = false;
    const next = views.at(-1);
    if (next) next.value = true;
    else setTrait(model, "playing", false);
  };
  signal.addEventListener("abort", leave);
  return { leads, take };
}
