import type { Open, Opened, OpenOptions, Way } from "./stream/open";

/** The browser gave up on what it was given: another way may do. */
class MediaFailure extends Error {
  override name = "MediaFailure";
}

/** No way is left to play the clip here. */
class Unplayable extends Error {
  override name = "Unplayable";

  constructor(clip: string) {
    super(
      `This browser cannot play ${clip}, and the kernel could not convert it for it. The file is as it was: open it elsewhere.`,
    );
  }
}

/** Wait until `video` can show its first picture, or play its first sound. */
async function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return;
  const over = new AbortController();
  const once = { signal: over.signal };
  await new Promise<void>((resolve, reject) => {
    video.addEventListener("loadeddata", () => resolve(), once);
    video.addEventListener("error", () => reject(new MediaFailure(video.error?.message ?? "")), once);
    signal.addEventListener("abort", () => reject(signal.reason), once);
  }).finally(() => over.abort());
}

/** A clip that is open, and what ends it. */
export interface Playing extends Opened {
  life: AbortController;
}

/** Open a clip up to its first picture; a way that the browser gives up on is added to `without`, and the next one tried. */
export async function openFirst(open: Open, options: OpenOptions & { without: Set<Way> }): Promise<Playing> {
  for (;;) {
    const life = new AbortController();
    const signal = AbortSignal.any([options.signal, life.signal]);
    let opened: Opened | undefined;
    try {
      opened = await open({ ...options, signal });
      if (!opened) throw new Unplayable(options.media.clip.name);
      await firstPicture(options.video, signal);
      return { ...opened, life };
    } catch (error) {
      life.abort();
      if (!opened || !(error instanceof MediaFailure)) throw error;
      options.without.add(opened.way);
    }
  }
}
