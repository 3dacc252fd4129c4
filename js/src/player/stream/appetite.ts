import type { Appetite } from "./feeder";

/** What decides how much of a clip a player wants to have. */
export interface Situation {
  /** It is on the screen. */
  seen: boolean;
  playing: boolean;
  /** It has played, so it may play again soon. */
  started: boolean;
  rate: number;
}

const MIB = 1024 * 1024;

/** How much to have: all that a player out of sight gets is what it is playing just now. */
export function appetiteOf({ seen, playing, started, rate }: Situation): Appetite {
  const bounds = { aheadBytes: 16 * MIB, behindS: 10, behindBytes: 12 * MIB };
  const pace = Math.max(1, rate);
  if (!seen) return { ...bounds, aheadS: playing ? 4 * pace : 0 };
  if (playing) return { ...bounds, aheadS: 24 * pace };
  return { ...bounds, aheadS: started ? 10 : 2 };
}
