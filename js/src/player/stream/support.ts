import type { MediaFacts } from "../../generated/messages";
import type { Form } from "./media";

type SourceClass = Pick<typeof MediaSource, "isTypeSupported"> & (new () => MediaSource);

/** The browser's way to be fed with parts of a video; on iPhones only the managed one is there, in old browsers none. */
export function mediaSourceClass(): SourceClass | undefined {
  const { MediaSource: plain, ManagedMediaSource: managed } = globalThis as {
    MediaSource?: SourceClass;
    ManagedMediaSource?: SourceClass;
  };
  return plain ?? managed;
}

/** A form of a clip, and what a browser is asked whether it can play it. */
export interface Offer {
  form: Form;
  type: string;
}

/** The forms that this browser says it can play, the untouched one first. */
export function offers(facts: MediaFacts, source: Pick<SourceClass, "isTypeSupported">): Offer[] {
  const forms: Offer[] = [
    { form: "native", type: facts.native },
    { form: "converted", type: facts.converted },
  ];
  return forms.filter(({ type }) => type !== "" && source.isTypeSupported(type));
}

/** Whether a `<video>` plays the file as it is: its container with the codecs that are inside. */
export function playsFile(mime: string, facts: MediaFacts): boolean {
  const codecs = /codecs="([^"]*)"/.exec(facts.native)?.[1];
  if (!codecs) return false;
  const video = document.createElement("video");
  return video.canPlayType(`${mime}; codecs="${codecs}"`) === "probably";
}
