import type { RunId } from '@baton/contracts';
import type { Decided } from './decide-messages.js';

/**
 * What is decided and not written. One batch is on its way at a time; what is decided meanwhile goes together with the next one,
 * which follows at once. A run is held from its decision to its commit: nothing else may be decided on its state.
 */
export class GroupCommit {
  #next: Decided[] = [];
  readonly #held = new Set<RunId>();
  #writing: Promise<void> | null = null;

  /**
   * @param write settles each message of the batch, or has it decided again; must not reject
   * @param onWritten is called after each batch, when its runs are free again
   */
  constructor(
    private readonly write: (batch: readonly Decided[]) => Promise<void>,
    private readonly onWritten: () => void,
  ) {}

  /** How many advances wait for the batch that is on its way. */
  get waiting(): number {
    return this.#next.length;
  }

  /** The batch that is on its way. */
  get writing(): Promise<void> | null {
    return this.#writing;
  }

  holds(runId: RunId): boolean {
    return this.#held.has(runId);
  }

  /** Takes what was decided into the next batch, and sends that off where none is on its way. */
  add(decided: readonly Decided[]): void {
    for (const each of decided) {
      this.#held.add(each.advance.runId);
      this.#next.push(each);
    }
    this.#send();
  }

  /** Resolves when nothing is left to be written. */
  async allWritten(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #send(): void {
    if (this.#writing !== null || this.#next.length === 0) return;
    const batch = this.#next;
    this.#next = [];
    this.#writing = this.write(batch).then(() => {
      for (const { advance } of batch) this.#held.delete(advance.runId);
      this.#writing = null;
      this.#send();
      this.onWritten();
    });
  }
}
