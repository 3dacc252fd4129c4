import { computed, signal } from "@preact/signals";
import type { Comparison, ComparisonUpdate, VariantState } from "../generated/messages";

/** What the comparison shows, kept up to date from the kernel's numbered updates. */
export class ComparisonStore {
  readonly backend = signal("");
  readonly running = signal(false);
  readonly variants = signal<readonly VariantState[]>([]);
  readonly error = signal("");
  /** How many have reached an end of any kind. */
  readonly ended = computed(() => this.variants.value.filter(({ phase }) => ENDED.has(phase)).length);
  readonly complete = computed(() => {
    const all = this.variants.value;
    return all.length > 0 && all.every(({ phase }) => phase === "done");
  });

  #seq: number | null = null;

  show({ seq, state }: Comparison): void {
    this.#seq = seq;
    this.backend.value = state.backend;
    this.running.value = state.running;
    this.variants.value = state.variants;
  }

  /** Returns false when an update before this one is missing: then only a new snapshot helps. */
  apply(update: ComparisonUpdate): boolean {
    if (this.#seq === null || update.seq <= this.#seq) return true; // the snapshot under way holds it, or has it
    if (update.seq !== this.#seq + 1) return false;
    this.#seq = update.seq;
    this.running.value = update.running;
    if (update.variants.length > 0) {
      const changed = new Map(update.variants.map((variant) => [variant.number, variant]));
      this.variants.value = this.variants.value.map((variant) => changed.get(variant.number) ?? variant);
    }
    return true;
  }
}

const ENDED: ReadonlySet<VariantState["phase"]> = new Set(["done", "failed", "stopped"]);
