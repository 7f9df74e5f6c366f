import type { TakenMessage } from './message-store.js';

/** Finds what a holder has by the store and never heard of, while it works on what it has heard of. */
export class Unheard {
  #known: Set<string> | null = null;
  #looking: Promise<unknown> = Promise.resolve();

  /** To be told of each message that is begun. */
  begun(id: string): void {
    this.#known?.add(id);
  }

  /**
   * What began or ended while it was looked is no such thing, so one look comes after the other.
   * @param inHand what is in work or done, and not yet taken away
   * @param ask what the store says
   */
  look(inHand: () => Iterable<string>, ask: () => Promise<readonly TakenMessage[]>): Promise<readonly TakenMessage[]> {
    const looked = this.#looking.then(async () => {
      const known = new Set(inHand());
      this.#known = known;
      const rows = await ask().finally(() => {
        this.#known = null;
      });
      return rows.filter(({ id }) => !known.has(id));
    });
    this.#looking = looked.catch(() => {});
    return looked;
  }
}
