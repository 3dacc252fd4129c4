import type { Playback } from "./playback";
import type { Range } from "./range";
import { Conductor } from "./step";

/** What a person, or Python, wants a player to do; in a group all players do it. */
export type Action =
  | { do: "play" }
  | { do: "pause" }
  | { do: "seek"; time: number }
  | { do: "step"; frames: number }
  | { do: "rate"; rate: number }
  | { do: "loop"; loop: boolean }
  | { do: "range"; range: Range };

/** Players that start, pause, seek and change speed together. */
export class Group {
  readonly members = new Set<Playback>();
  readonly #conductor = new Conductor(this.members);

  /** Take part until `signal` aborts. */
  join(member: Playback, signal: AbortSignal): void {
    this.members.add(member);
    signal.addEventListener("abort", () => this.leave(member));
  }

  leave(member: Playback): void {
    this.members.delete(member);
    member.nudge(1);
    if (this.members.size < 2) this.#conductor.rest();
  }

  /** Let all members do it. Playing waits until each has its picture, so that all start at one moment from one position. */
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
    if (action.do === "play" && this.members.size > 1) this.#conductor.conduct();
  }
}

const named = new Map<string, Group>();

/** Take part in the page's group of this name until `signal` aborts; with the last member it is gone. */
export function joinNamed(name: string, member: Playback, signal: AbortSignal): Group {
  const group = named.get(name) ?? new Group();
  named.set(name, group);
  group.join(member, signal);
  signal.addEventListener("abort", () => group.members.size === 0 && named.delete(name));
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
    case "range":
      return playback.setRange(action.range);
  }
}
