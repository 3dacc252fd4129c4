import type { JSX } from "preact";
import { Icon, type IconName } from "../lib/icons";
import { type ControlsProps, Loops, Rate, Steps } from "./controls";

/** What is used less often; in a narrow player also what the bar has no room for. */
export function More({ playback, extras, act, toggleHelp }: ControlsProps): JSX.Element {
  const isSound = playback.facts.value?.kind === "audio";
  return (
    <fieldset class="nemo-more" aria-label="More">
      <span class="nemo-narrow">
        <Steps playback={playback} act={act} />
        <Loops playback={playback} act={act} />
        <Rate playback={playback} act={act} />
      </span>
      {!isSound && (
        <Worded
          icon="snapshot"
          words="Snapshot"
          busy={extras.busy.value}
          onClick={() => void extras.snapshot()}
        />
      )}
      <Worded
        icon="download"
        words="Download"
        busy={extras.busy.value}
        onClick={() => void extras.download()}
      />
      {!isSound && document.pictureInPictureEnabled && (
        <Worded
          icon="pictureInPicture"
          words="Picture in picture"
          busy={extras.busy.value}
          onClick={() => void extras.pictureInPicture()}
        />
      )}
      <Worded icon="help" words="Keys (?)" busy={false} onClick={toggleHelp} />
    </fieldset>
  );
}

interface WordedProps {
  icon: IconName;
  words: string;
  busy: boolean;
  onClick(): void;
}

function Worded({ icon, words, busy, onClick }: WordedProps): JSX.Element {
  return (
    <button type="button" class="nemo-worded" aria-disabled={busy} onClick={onClick}>
      <Icon name={icon} /> {words}
    </button>
  );
}
