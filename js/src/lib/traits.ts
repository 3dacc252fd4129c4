import type { AnyModel } from "@anywidget/types";
import { signal as makeSignal, type Signal } from "@preact/signals";

/** A trait as a signal that follows the kernel; write through `setTrait`. */
export function trait<T extends object, K extends keyof T & string>(
  model: AnyModel<T>,
  name: K,
  signal: AbortSignal,
): Signal<T[K]> {
  const value = makeSignal(model.get(name));
  const follow = () => {
    value.value = model.get(name);
  };
  model.on(`change:${name}`, follow);
  signal.addEventListener("abort", () => model.off(`change:${name}`, follow));
  return value;
}

/** Tell the kernel a trait's new value; says nothing when it is the old one. */
export function setTrait<T extends object, K extends keyof T & string>(
  model: AnyModel<T>,
  name: K,
  value: T[K],
): void {
  if (Object.is(model.get(name), value)) return;
  model.set(name, value);
  model.save_changes();
}
