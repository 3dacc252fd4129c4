import { useSignal } from "@preact/signals";
import { type JSX, render } from "preact";
import { useEffect } from "preact/hooks";
import { Rpc } from "../lib/rpc";
import type { View } from "../lib/view";
import { Waiting } from "../lib/waiting";
import { leadership } from "./leader";
import { Player } from "./player";
import { followTraits, type PlayerTraits } from "./traits";

/** The view of `nemo.VideoPlayer`. */
export function mountPlayer(view: View<PlayerTraits>): void {
  const { model, el, signal, shared } = view;
  const asker = new Rpc(model, shared, signal);
  const lead = leadership(view);

  function Shown(): JSX.Element {
    const clip = useSignal(model.get("clip"));
    const group = useSignal(model.get("group"));
    useEffect(() => {
      const life = new AbortController();
      const follow = () => {
        clip.value = model.get("clip");
        group.value = model.get("group");
      };
      for (const name of ["change:clip", "change:group"] as const) {
        model.on(name, follow);
        life.signal.addEventListener("abort", () => model.off(name, follow));
      }
      return () => life.abort();
    }, []);
    if (!clip.value) return <Waiting lost={asker.lost.value} />;
    return (
      <>
        <Player
          key={`${clip.value.id} ${group.value}`}
          clip={clip.value}
          asker={asker}
          group={group.value}
          onTouch={lead.take}
          onPlayback={(playback, act, life) => followTraits(model, playback, act, life, lead)}
        />
        {asker.lost.value && <Waiting lost />}
      </>
    );
  }

  signal.addEventListener("abort", () => render(null, el));
  render(<Shown />, el);
}
