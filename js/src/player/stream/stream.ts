import { Buffer } from "./buffer";
import { type Appetite, Feeder } from "./feeder";
import type { Media } from "./media";
import { mediaSourceClass, type Offer } from "./support";

/** What a `<video>` plays from. It ends with the signal that it was opened with. */
export interface Stream {
  /** What the playhead or the page wants has changed. */
  tend(): void;
  /** Go on after an error. */
  retry(): void;
}

export interface StreamOptions {
  video: HTMLVideoElement;
  media: Media;
  appetite(): Appetite;
  onError(error: unknown): void;
  signal: AbortSignal;
}

/** Let `video` play what the kernel sends through a `MediaSource`, beginning at `startS`. */
export async function openFed(
  { form, type }: Offer,
  durationS: number,
  startS: number,
  { video, media, appetite, onError, signal }: StreamOptions,
): Promise<Stream> {
  const Source = mediaSourceClass();
  if (!Source) throw new Error("This browser takes video only as a whole.");
  const first = media.piece(form, startS, 0.25, false, signal); // on its way while the source opens
  first.catch(() => undefined); // told below
  const source = new Source();
  await attach(video, source, signal);
  await first;
  const begin = media.begin(form);
  if (!begin) throw new Error(`The kernel sent no beginning of ${media.clip.name}.`);
  signal.throwIfAborted();
  if (durationS > 0) source.duration = durationS;
  const buffer = new Buffer(source.addSourceBuffer(type), signal);
  await buffer.append(begin);
  if (startS > 0) video.currentTime = startS;
  const feeder = new Feeder({
    video,
    buffer,
    fetch: (time, lengthS, continues, either) => media.piece(form, time, lengthS, continues, either),
    appetite,
    onLast: () => {
      if (source.readyState === "open") source.endOfStream();
    },
    onError,
    signal,
  });
  return feeder;
}

/** Let `video` play from `url` by itself, such as a file of the page's own server. */
export function openUrl(url: string, startS: number, { video, signal }: StreamOptions): Stream {
  video.src = url;
  if (startS > 0) video.currentTime = startS;
  signal.addEventListener("abort", () => empty(video));
  return { tend: () => undefined, retry: () => video.load() };
}

/** Let `video` play bytes that are all here. */
export function openBlob(blob: Blob, startS: number, options: StreamOptions): Stream {
  const url = URL.createObjectURL(blob);
  options.signal.addEventListener("abort", () => URL.revokeObjectURL(url));
  return openUrl(url, startS, options);
}

function attach(video: HTMLVideoElement, source: MediaSource, signal: AbortSignal): Promise<void> {
  const url = URL.createObjectURL(source);
  const opened = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const options = { signal: opened.signal };
    source.addEventListener("sourceopen", () => resolve(), options);
    signal.addEventListener("abort", () => reject(signal.reason), options);
    signal.addEventListener("abort", () => empty(video));
    video.disableRemotePlayback = true; // a managed source does not open otherwise
    video.src = url;
  }).finally(() => {
    opened.abort();
    URL.revokeObjectURL(url);
  });
}

/** Let go of the decoder and of what it was fed with. */
function empty(video: HTMLVideoElement): void {
  video.removeAttribute("src");
  video.load();
}
