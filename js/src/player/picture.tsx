import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ClipFacts } from "../generated/messages";
import { Badge } from "../lib/badge";
import { type Asker, inWords, isKnown } from "../lib/rpc";
import { pullClip } from "./loader";

interface PictureProps {
  clip: ClipFacts;
  asker: Asker;
}

/** A clip that is one picture. */
export function Picture({ clip, asker }: PictureProps): JSX.Element {
  const url = useSignal("");
  const error = useSignal("");
  const words = clip.prompt || clip.name;
  useEffect(() => {
    const life = new AbortController();
    let made = "";
    const show = async () => {
      const blob = await pullClip(asker, clip, { signal: life.signal, onProgress: () => undefined });
      if (life.signal.aborted) return;
      made = URL.createObjectURL(blob);
      url.value = made;
    };
    show().catch((cause: unknown) => {
      if (!isKnown(cause)) error.value = inWords(cause);
    });
    return () => {
      life.abort();
      URL.revokeObjectURL(made);
    };
  }, []);
  return (
    <figure class="nemo-player" aria-label={`Picture: ${words}`}>
      <div class="nemo-stage">
        {(url.value || clip.poster) && (
          <img
            class="nemo-picture"
            src={url.value || clip.poster}
            alt={words}
            onError={() => {
              if (url.value) error.value = `This browser cannot show ${clip.name}.`;
              url.value = "";
            }}
          />
        )}
        <Badge backend={clip.backend} />
        {error.value && (
          <p class="nemo-error nemo-stage-error" role="alert">
            {error.value}
          </p>
        )}
      </div>
    </figure>
  );
}
