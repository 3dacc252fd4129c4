import type { MediaFacts } from "../../generated/messages";
import { pullClip } from "../loader";
import type { Media } from "./media";
import { serverAddress } from "./server-file";
import { openBlob, openFed, openUrl, type Stream, type StreamOptions } from "./stream";
import { mediaSourceClass, offers, playsFile } from "./support";

/** How a clip gets into a `<video>`: the server's own file, the kernel's parts as they are or converted, or all of it at once. */
export type Way = "file" | "native" | "converted" | "whole";

export interface Opened {
  way: Way;
  facts: MediaFacts;
  stream: Stream;
}

export interface OpenOptions extends StreamOptions {
  startS: number;
  /** Ways that were tried and failed. */
  without: ReadonlySet<Way>;
  onProgress(fraction: number): void;
}

/** Opens a clip for a `<video>`; `openClip` is the real one. */
export type Open = (options: OpenOptions) => Promise<Opened | undefined>;

/** Open the clip in the best way that is left; undefined when none is. */
export async function openClip(options: OpenOptions): Promise<Opened | undefined> {
  const { media, startS, without, signal } = options;
  const { clip } = media;
  const facts = await media.facts();
  const Source = mediaSourceClass();
  if (!without.has("file") && playsFile(clip.mime, facts)) {
    const url = await serverAddress(clip, facts, media.asker, signal);
    if (url) return { way: "file", facts, stream: openUrl(url, startS, options) };
  }
  if (!Source) {
    if (without.has("whole")) return undefined;
    return { way: "whole", facts, stream: await openWhole(facts, options) };
  }
  const offer = offers(facts, Source).find(({ form }) => !without.has(form));
  if (!offer) return undefined;
  return { way: offer.form, facts, stream: await openFed(offer, facts.duration_s, startS, options) };
}

async function openWhole(facts: MediaFacts, options: OpenOptions): Promise<Stream> {
  const { media, video, startS, signal, onProgress } = options;
  if (playsFile(media.clip.mime, facts)) {
    return openBlob(await pullClip(media.asker, media.clip, { signal, onProgress }), startS, options);
  }
  const form = facts.native && video.canPlayType(facts.native) !== "" ? "native" : "converted";
  return openBlob(await joined(media, form, facts, signal, onProgress), startS, options);
}

/** All parts one after the other: a fragmented MP4. */
async function joined(
  media: Media,
  form: "native" | "converted",
  { duration_s }: MediaFacts,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let time = 0; ; ) {
    const piece = await media.piece(form, time, 2, parts.length > 0, signal);
    parts.push(piece.bytes);
    if (piece.last || piece.end <= time) break;
    time = piece.end;
    if (duration_s > 0) onProgress(Math.min(1, time / duration_s));
  }
  return new Blob([media.begin(form) ?? new Uint8Array(), ...parts], { type: "video/mp4" });
}
