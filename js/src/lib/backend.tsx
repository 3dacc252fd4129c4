import type { JSX } from "preact";

interface BackendProps {
  backend: string;
  where: string;
  /** The file that is replayed; empty for a live service. */
  recording: string;
  /** The Python class that a person would call with another client or session. */
  make: "Studio" | "PromptBox" | "Uploader";
}

const RECORDED: Readonly<Record<string, string>> = {
  local: "the local studio: clips were drawn by a program, not by the AI",
  cloud: "the NemoVideo cloud",
  custom: "a server of somebody's own",
};

/** Says who does the work, and how to choose another. */
export function Backend({ backend, where, recording, make }: BackendProps): JSX.Element {
  if (recording !== "") {
    return (
      <p class="nemo-backend">
        <strong>Plays {recording},</strong> a recording of {RECORDED[backend] ?? backend}. Nothing is sent
        anywhere, and nothing costs.
      </p>
    );
  }
  const cloud = `nemo.connect("cloud")${make === "PromptBox" ? ".new_session()" : ""}`;
  return (
    <p class="nemo-backend">
      {backend === "local" && (
        <>
          <strong>Works locally.</strong> Clips are drawn on this computer, not by the AI, and nothing is sent
          anywhere. For the AI in the cloud: <code>{`nemo.${make}(${cloud})`}</code>
        </>
      )}
      {backend === "cloud" && (
        <>
          <strong>Works in the NemoVideo cloud.</strong> Prompts and files go to {where}; generating costs
          credits.
        </>
      )}
      {backend === "custom" && (
        <>
          <strong>Works at {where}.</strong> Prompts and files go there.
        </>
      )}
    </p>
  );
}
