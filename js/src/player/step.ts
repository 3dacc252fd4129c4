/** What the conductor needs of a player. */
export interface Follower {
  readonly playing: { readonly value: boolean };
  readonly loop: { readonly value: boolean };
  readonly rate: { readonly value: number };
  readonly error: { readonly value: string };
  readonly duration: { readonly value: number };
  readonly exactTime: number;
  readonly ready: boolean;
  nudge(factor: number): void;
  seek(seconds: number): Promise<void>;
  settled(): Promise<void>;
}

const WATCH_MS = 40;
const IN_STEP_S = 0.006; // a fifth of a frame at 30 fps
const JUMP_S = 0.2; // more than this takes too long to make up by speed
const CLOSE_IN_S = 0.2;
const FIRST_GUESS_S = 0.12; // how long a jump takes, until it is known

/** How fast a player goes that is `aheadS` seconds ahead of the others: they meet within a quarter of a second or so. */
export function nudgeFor(aheadS: number, rate = 1): number {
  if (Math.abs(aheadS) < IN_STEP_S) return 1;
  const factor = 1 - aheadS / (CLOSE_IN_S * Math.max(rate, 0.25));
  return Math.round(50 * Math.min(1.5, Math.max(0.5, factor))) / 50; // few different speeds: each change costs the browser work
}

/** Where the group is: what most of its players agree on, and of two the one behind. */
export function agreedTime(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** How far `time` is ahead of `reference`, the shorter way round where the clip begins again at its end. */
export function aheadOf(reference: number, time: number, periodS: number): number {
  const ahead = time - reference;
  if (periodS > 0 && Math.abs(ahead) > periodS / 2) return ahead - Math.sign(ahead) * periodS;
  return ahead;
}

/** Keeps players in step while they play: small differences by their speed, large ones by a jump. */
export class Conductor {
  readonly #members: ReadonlySet<Follower>;
  #watch: ReturnType<typeof setInterval> | undefined;
  readonly #jumping = new Set<Follower>();
  #jumpS = FIRST_GUESS_S;

  constructor(members: ReadonlySet<Follower>) {
    this.#members = members;
  }

  /** Begin, until nobody plays any more. */
  conduct(): void {
    this.#watch ??= setInterval(() => this.beat(), WATCH_MS);
  }

  rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    for (const member of this.#members) member.nudge(1);
  }

  /** Look at all once, and correct them. */
  beat(): void {
    const playing = [...this.#members].filter((member) => member.playing.value && !member.error.value);
    if (playing.length === 0) this.rest();
    if (playing.length < 2) return;
    const steady = playing.filter((member) => !this.#jumping.has(member));
    if (steady.some((member) => !member.ready)) {
      for (const member of steady) member.nudge(member.ready ? 0 : 1); // who has its picture waits for who has not
      return;
    }
    const reference = agreedTime(steady.map((member) => member.exactTime));
    for (const member of steady) {
      const period = member.loop.value ? member.duration.value : 0;
      const ahead = aheadOf(reference, member.exactTime, period);
      if (Math.abs(ahead) < JUMP_S) member.nudge(nudgeFor(ahead, member.rate.value));
      else void this.#jump(member, reference);
    }
  }

  async #jump(member: Follower, reference: number): Promise<void> {
    const begun = performance.now();
    this.#jumping.add(member);
    member.nudge(1);
    await member.seek(reference + this.#jumpS * member.rate.value);
    await member.settled();
    this.#jumpS = (this.#jumpS + Math.min(0.5, (performance.now() - begun) / 1000)) / 2;
    this.#jumping.delete(member);
  }
}
