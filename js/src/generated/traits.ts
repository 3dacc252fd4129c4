// Generated from nemo_widgets/widgets: edit there, then run `npm run generate`.

import type * as messages from "./messages";

export interface PromptBoxTraits {
  /**
   * What stands in the prompt field, sent or not; empty by default.
   */
  prompt: string;
}
export interface StudioTraits {
  /**
   * The largest file that the drop zone takes, in bytes.
   */
  max_file_bytes: number;
  /**
   * What stands in the prompt field, sent or not; empty by default.
   */
  prompt: string;
}
export interface UploaderTraits {
  /**
   * The largest file that is taken, in bytes.
   */
  max_file_bytes: number;
}
export interface VideoPlayerTraits {
  /**
   * What is on show: name, duration_s, width, height, fps, size_bytes …; written by the kernel only.
   */
  clip: messages.ClipFacts | null;
  /**
   * Playhead in seconds, default 0; setting it seeks. While it plays, views report it about once a second, and what they report is taken between cells: a cell that waits in a loop sees none of it.
   */
  current_time_s: number;
  /**
   * Players with the same non-empty name start, pause, seek, loop and change speed together.
   */
  group: string;
  /**
   * Where the A–B loop begins, in seconds; None for the start.
   */
  in_s: number | null;
  /**
   * Whether it starts again at the end, default False.
   */
  loop: boolean;
  /**
   * End of the A–B loop in s; None: the clip's end.
   */
  out_s: number | null;
  /**
   * Whether it plays, default False; setting it starts or pauses the view that was used last.
   */
  playing: boolean;
  /**
   * Speed as a factor, 0.1 to 4, default 1.
   */
  rate: number;
  /**
   * Loudness, 0 to 1, default 1; 0 is silent.
   */
  volume: number;
}
