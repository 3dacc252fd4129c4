import { signal as makeSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StudioState } from "../generated/messages";
import type { UploaderTraits } from "../generated/traits";
import { onReconnect } from "../lib/connection";
import type { Rpc } from "../lib/rpc";
import { trait } from "../lib/traits";
import type { View } from "../lib/view";
import { acceptDrops } from "./drops";
import { takeIn } from "./intake";
import { Uploads } from "./uploads";

/** All of a drop zone but its looks: what a view of a widget with footage needs. */
export function connectUploads(
  { model, el, signal }: Pick<View<UploaderTraits>, "model" | "el" | "signal">,
  rpc: Rpc,
  state: ReadonlySignal<StudioState | null>,
  usePrompt?: (text: string) => void,
): { uploads: Uploads; dropping: Signal<boolean>; maxBytes: Signal<number> } {
  const maxBytes = trait(model, "max_file_bytes", signal);
  const handOvers = {
    get value() {
      return state.value?.hand_overs ?? [];
    },
  } as ReadonlySignal<StudioState["hand_overs"]>;
  const uploads = new Uploads(rpc, signal, { maxBytes: () => maxBytes.value, handOvers });
  const dropping = makeSignal(false);
  const taker = {
    take: (picked: Parameters<typeof takeIn>[0]) => void takeIn(picked, uploads, usePrompt),
    takePaths: (paths: string[]) => uploads.addPaths(paths),
    names: () => new Set([...(state.value?.assets ?? []), ...uploads.items.value].map(({ name }) => name)),
  };
  acceptDrops(el, dropping, taker, signal);
  onReconnect(model, () => uploads.reconnected(), signal);
  return { uploads, dropping, maxBytes };
}
