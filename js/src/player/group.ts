import type { Playback } from "./playback";

/** What a person, or Python, wants a player to do; in a group all players do it. */
export type Action =
  | { do: "play" }
  | { do: "pause" }
  | { do: "seek"; time: number }
  | { do: "step"; frames: number }
  | { do: "rate"; rate: number }
  | { do: "loop"; loop: boolean };

/** Players that start, pause, seek and change speed together. */
export class Group {
  readonly members = new Set<Playback>();
  #watch: ReturnType<typeof setInterval> | undefined;

  /** Take part until `signal` aborts. */
  join(member: Playback, signal: AbortSignal): void {
    this.members.add(member);
    signal.addEventListener(
      "abort",
      () => {
        this.members.delete(member);
        if (this.members.size === 0) this.#stopWatching();
      },
      { once: true },
    );
  }

  /** Let all members do it. Playing waits until each has its bytes, so that all start at one moment from one position. */
  async perform(action: Action, from?: Playback): Promise<void> {
    const members = [...this.members];
    if (action.do === "play") {
      const lead = from ?? members[0];
      const start = lead && !lead.ended.value ? lead.time.value : 0;
      await Promise.all(members.map((member) => member.prepare()));
      await Promise.all(members.map((member) => member.seek(start)));
      await Promise.all(members.map((member) => member.settled()));
    }
    await Promise.all(members.map((member) => perform(member, action)));
    if (action.do === "play" && this.members.size > 1) {
      this.#watch ??= setInterval(() => this.#keepInStep(), WATCH_MS);
    }
  }

  #keepInStep(): void {
    const playing = [...this.members].filter((member) => member.playing.value);
    if (playing.length === 0) this.#stopWatching();
    const last = Math.min(...playing.map((member) => member.exactTime));
    for (const member of playing) member.nudge(nudgeFor(member.exactTime - last));
  }

  #stopWatching(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    for (const member of this.members) member.nudge(1);
  }
}

const WATCH_MS = 100;
const IN_STEP_S = 0.02; // less than a frame at 30 fps
const SLOWEST = 0.5;

/** How fast a player goes that is `aheadS` seconds before the last one: they wait for it within half a second or so. */
export function nudgeFor(aheadS: number): number {
  return aheadS < IN_STEP_S ? 1 : Math.max(SLOWEST, 1 - 3 * aheadS);
}

const named = new Map<string, Group>();

/** The group of this name on this page. */
export function groupNamed(name: string): Group {
  const group = named.get(name) ?? new Group();
  named.set(name, group);
  return group;
}

/** Let one player do it. */
export async function perform(playback: Playback, action: Action): Promise<void> {
  switch (action.do) {
    case "play":
      return playback.play();
    case "pause":
      return playback.pause();
    case "seek":
      return playback.seek(action.time);
    case "step":
      return playback.step(action.frames);
    case "rate":
      return playback.setRate(action.rate);
    case "loop":
      return playback.setLoop(action.loop);
  }
}
