import type { Logger } from '@baton/service-kit';
import { Repeat } from './repeat.js';

const LOOK_EVERY_MS = 1_000;

type ListedLane = { readonly lane: number; readonly isHeld: boolean };

/**
 * The lanes whose commands the rounds of this hub look after: its own, and those of which no process was heard lately. A lane
 * that another hub holds is looked after there, so that two hubs do not do everything twice; where both believe to have one,
 * nothing happens twice all the same.
 */
export class OwnedLanes {
  #lanes: readonly number[];
  #isFirst = true;

  private constructor(
    private readonly own: number,
    private readonly list: () => Promise<readonly ListedLane[]>,
  ) {
    this.#lanes = [own];
  }

  /** @param list every lane, and whether a process that lives holds it */
  static async start(own: number, list: () => Promise<readonly ListedLane[]>): Promise<OwnedLanes> {
    const owned = new OwnedLanes(own, list);
    await owned.refresh();
    return owned;
  }

  get lanes(): readonly number[] {
    return this.#lanes;
  }

  /** Whether it is this hub that looks for what is in no lane: of all that live the one with the lowest number. */
  get isFirst(): boolean {
    return this.#isFirst;
  }

  watch(log: Logger): Repeat {
    return new Repeat('owned-lanes', LOOK_EVERY_MS, () => this.refresh(), log).start();
  }

  async refresh(): Promise<void> {
    const all = await this.list();
    const held = all.filter(({ lane, isHeld }) => isHeld || lane === this.own).map(({ lane }) => lane);
    this.#lanes = all.map(({ lane }) => lane).filter((lane) => lane === this.own || !held.includes(lane));
    this.#isFirst = held.every((lane) => lane >= this.own);
  }
}
