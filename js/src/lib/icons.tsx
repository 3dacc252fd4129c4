import type { JSX } from "preact";

const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  replay: "M12 5V1.8L7.2 6.2 12 10.6V7.2a5.4 5.4 0 1 1-5.4 5.4H4.4A7.6 7.6 0 1 0 12 5z",
  sound:
    "M4 9v6h4l5 4.5v-15L8 9zM15.5 8.2v7.6a4.2 4.2 0 0 0 0-7.6zM15.5 4.4v2.1a5.9 5.9 0 0 1 0 11v2.1a7.9 7.9 0 0 0 0-15.2z",
  silent:
    "M4 9v6h4l5 4.5v-15L8 9zM21.5 9.9l-1.4-1.4-2.1 2.1-2.1-2.1-1.4 1.4 2.1 2.1-2.1 2.1 1.4 1.4 2.1-2.1 2.1 2.1 1.4-1.4-2.1-2.1z",
  loop: "M7 7h9.5v3l4-4-4-4v3H5v6h2zM17 17H7.5v-3l-4 4 4 4v-3H19v-6h-2z",
  fullScreen: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  help: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zm1 15.2h-2v-2h2zm2-7.1-.9.9c-.7.8-1.1 1.3-1.1 2.7h-2v-.5c0-1.1.4-2 1.1-2.8l1.3-1.2a1.9 1.9 0 1 0-3.2-1.4H8.2a3.8 3.8 0 1 1 7.6 0c0 .9-.3 1.7-.8 2.3z",
  more: "M5 10.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zm7 0a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zm7 0a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  back: "M5.5 5h2.6v14H5.5zM18.5 5v14L9.6 12z",
  forward: "M15.9 5h2.6v14h-2.6zM5.5 5v14l8.9-7z",
  begin: "M17 4v2H9.5v12H17v2H7.5V4z",
  end: "M7 4v2h7.5v12H7v2h9.5V4z",
  snapshot:
    "M9.2 4.5 7.8 6.5H4a1.5 1.5 0 0 0-1.5 1.5v10A1.5 1.5 0 0 0 4 19.5h16a1.5 1.5 0 0 0 1.5-1.5V8A1.5 1.5 0 0 0 20 6.5h-3.8l-1.4-2zM12 8.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zm0 2a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  download: "M11 3.5h2v8.2l3-3 1.4 1.4L12 15.5l-5.4-5.4L8 8.7l3 3zM4.5 17.5h15v2h-15z",
  pictureInPicture: "M3 5h18v14H3zm2 2v10h14V7zm6 4h7v5h-7z",
  stop: "M6.5 6.5h11v11h-11z",
  send: "M3.5 20.5 21.5 12 3.5 3.5v6.6l12 1.9-12 1.9z",
  file: "M13 2.5H6.5a2 2 0 0 0-2 2v15a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V9zm-.8 1.8 5.5 5.5h-5.5z",
  close: "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside or instead of a word; the control that holds it has the name. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="nemo-icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}
