import type { AnyModel } from "@anywidget/types";
import { effect, signal as makeSignal, type ReadonlySignal, type Signal, untracked } from "@preact/signals";
import type { StudioState, TurnState } from "../generated/messages";
import type { PromptBoxTraits } from "../generated/traits";
import { type Asker, inWords, isKnown } from "../lib/rpc";
import { runningTurn } from "../lib/state";
import { setTrait, trait } from "../lib/traits";

const SAVE_MS = 300;

/** What stands in the prompt field, and sending it: once, and never losing it. */
export class Sender {
  readonly text: Signal<string>;
  readonly error = makeSignal("");
  readonly sending = makeSignal(false);
  /** Goes up when the focus belongs into the field. */
  readonly wanted = makeSignal(0);
  readonly #model: AnyModel<PromptBoxTraits>;
  readonly #asker: Asker;
  readonly #state: ReadonlySignal<StudioState | null>;
  #sent = "";
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(
    model: AnyModel<PromptBoxTraits>,
    asker: Asker,
    state: ReadonlySignal<StudioState | null>,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#asker = asker;
    this.#state = state;
    this.text = trait(model, "prompt", signal);
    const stop = effect(() => this.#giveBack(state.value?.turns.at(-1)));
    signal.addEventListener("abort", () => {
      stop();
      this.#save();
    });
  }

  /** The person typed; the kernel keeps it, so that a reload of the page does not lose it. */
  type(text: string): void {
    this.text.value = text;
    this.error.value = "";
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), SAVE_MS);
  }

  /** Put a prompt back into the field, ready to be changed. */
  reuse(prompt: string): void {
    this.type(prompt);
    this.wanted.value++;
  }

  /** Put something after what stands in the field, with `between` where that does not end in white space. */
  add(text: string, between: string): void {
    const before = this.text.value;
    this.reuse(before === "" || /\s$/.test(before) ? before + text : before + between + text);
  }

  /** Send what stands in the field. A second call before the answer has ended does nothing. */
  async send(): Promise<void> {
    const text = this.text.value;
    if (text.trim() === "" || this.sending.value || runningTurn(this.#state.value)) return;
    this.error.value = "";
    this.sending.value = true;
    try {
      await this.#asker.ask({ type: "send_prompt", text });
      this.#sent = text;
      if (this.text.value === text) this.type("");
      this.#save();
    } catch (error) {
      if (!isKnown(error)) this.error.value = inWords(error);
    } finally {
      this.sending.value = false;
    }
  }

  async stop(): Promise<void> {
    this.wanted.value++;
    try {
      await this.#asker.ask({ type: "stop_answer" });
    } catch (error) {
      if (!isKnown(error)) this.error.value = inWords(error);
    }
  }

  /** A prompt whose answer failed goes back into the field, unless something else is there by now. */
  #giveBack(turn: TurnState | undefined): void {
    if (turn?.status !== "failed" || turn.prompt !== this.#sent) return;
    this.#sent = "";
    if (untracked(() => this.text.value) === "") this.type(turn.prompt);
  }

  #save(): void {
    clearTimeout(this.#saving);
    setTrait(this.#model, "prompt", this.text.value);
  }
}
