import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { markdownToDom } from "./markdown";

/** Markdown from the service, cleaned. */
export function Prose({ markdown }: { markdown: string }): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    holder.current?.replaceChildren(markdownToDom(markdown));
  }, [markdown]);
  return <div ref={holder} class="nemo-prose" />;
}
