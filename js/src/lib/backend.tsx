import type { JSX } from "preact";

interface BackendProps {
  backend: string;
  where: string;
  /** The Python class that a person would call with another client or session. */
  make: "Studio" | "PromptBox";
}

/** Says who does the work, and how to choose another. */
export function Backend({ backend, where, make }: BackendProps): JSX.Element {
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
