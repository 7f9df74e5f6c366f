import { type CommandId, onRung, personOf } from '@baton/contracts';
import type { AppendItem, NewCommand } from '@baton/event-store';
import type { RunState } from '@baton/workflow';
import { rungFor } from './rung-for.js';

/*
 * A worker's queue is one for all, and who issued ten thousand tasks would stand before everybody who issues one after that. So
 * what somebody issues beyond some dozens that they have out for a kind of worker (issued, not answered) goes on a higher rung
 * of its urgency: behind what others within their share issue later (ADR 91).
 *
 * Counted here, of what this hub issued since it began: two hubs count apart, and one that begins anew counts from nothing. The
 * rung stands in the row of the command, so whoever sends it once more sends it as urgent as it was; so no row has one while a
 * kind has workers that would not look there. No run can see it.
 */

/** What somebody has out for a kind of worker. */
interface Share {
  out: number;
  /** With what comes before in the batch of that number. */
  withBatch: number;
  batch: number;
}

interface Held {
  readonly share: Share;
  readonly sinceMs: number;
  /** Before then no sweep looks at it. */
  readonly dueMs: number;
  /** The last round of the sweep that saw it outstanding. */
  seenIn: number;
}

/** What of an advance counts. A child of a run has the submitter of its parent. */
export interface Sharing {
  readonly state: RunState;
  readonly item: AppendItem;
}

export class Shares {
  /** By queue and person. */
  readonly #shares = new Map<string, Map<string, Share>>();
  readonly #held = new Map<CommandId, Held>();
  #batch = 0;
  #round = 1;

  /** @param knowsRungs whether all who take from a queue look at every rung there */
  constructor(
    private readonly clock: { readonly nowMs: () => number; readonly monotonicMs: () => number },
    private readonly knowsRungs: (queue: string) => boolean = () => true,
  ) {}

  /** The items of a batch, each task on its rung; the same ones where all stand in front. */
  onRungs(batch: readonly Sharing[]): readonly AppendItem[] {
    this.#batch += 1;
    return batch.map(({ state, item }) => {
      let commands: NewCommand[] | null = null;
      const isSettled = settledIn(item);
      for (const [n, command] of item.commands.entries()) {
        const rung = isSettled(command) ? 0 : this.#rungOf(command, state);
        if (rung === 0) continue;
        commands ??= [...item.commands];
        commands[n] = { ...command, priority: onRung(command.priority, rung) };
      }
      return commands === null ? item : { ...item, commands };
    });
  }

  /** The batch is written: what it settles is out no more, and what it issues is. */
  written(batch: readonly Sharing[]): void {
    const sinceMs = this.clock.monotonicMs();
    for (const { state, item } of batch) {
      for (const commandId of item.consume) this.#settle(commandId);
      const isSettled = settledIn(item);
      for (const command of item.commands) {
        const { commandId, queue } = command;
        // What is moved was issued before.
        this.#settle(commandId);
        if (queue === null || state.status === 'new' || isSettled(command)) continue;
        const share = this.#shareOf(queue, personOf(state.submittedBy));
        share.out += 1;
        this.#held.set(commandId, { share, sinceMs, dueMs: sinceMs + this.#waitMs(command), seenIn: 0 });
      }
    }
  }

  /** The sweep finds it outstanding, of whatever hub it is. */
  seeOpen(commandId: CommandId): void {
    const held = this.#held.get(commandId);
    if (held !== undefined) held.seenIn = this.#round;
  }

  /** A round of the sweep is over: what has been due for so long and was not seen in it was settled by another hub. */
  forgetUnseen(olderThanMs: number): void {
    const beforeMs = this.clock.monotonicMs() - olderThanMs;
    for (const [commandId, { sinceMs, dueMs, seenIn }] of this.#held) {
      // In the order in which they were issued.
      if (sinceMs >= beforeMs) break;
      if (dueMs < beforeMs && seenIn !== this.#round) this.#settle(commandId);
    }
    this.#round += 1;
    for (const [queue, ofQueue] of this.#shares) {
      for (const [person, { out }] of ofQueue) if (out === 0) ofQueue.delete(person);
      if (ofQueue.size === 0) this.#shares.delete(queue);
    }
  }

  #rungOf({ queue }: NewCommand, state: RunState): number {
    if (queue === null || state.status === 'new') return 0;
    const share = this.#shareOf(queue, personOf(state.submittedBy));
    if (share.batch !== this.#batch) {
      share.batch = this.#batch;
      share.withBatch = share.out;
    }
    share.withBatch += 1;
    return this.knowsRungs(queue) ? rungFor(share.withBatch - 1) : 0;
  }

  #waitMs({ notBefore }: NewCommand): number {
    return notBefore === null ? 0 : Math.max(0, Date.parse(notBefore) - this.clock.nowMs());
  }

  #settle(commandId: CommandId): void {
    const held = this.#held.get(commandId);
    if (held === undefined) return;
    held.share.out -= 1;
    this.#held.delete(commandId);
  }

  #shareOf(queue: string, person: string): Share {
    let ofQueue = this.#shares.get(queue);
    if (ofQueue === undefined) {
      ofQueue = new Map();
      this.#shares.set(queue, ofQueue);
    }
    let share = ofQueue.get(person);
    if (share === undefined) {
      share = { out: 0, withBatch: 0, batch: 0 };
      ofQueue.set(person, share);
    }
    return share;
  }
}

/** What an item issues and settles becomes no row, unless it is moved. */
function settledIn({ consume }: AppendItem): (command: NewCommand) => boolean {
  if (consume.length === 0) return () => false;
  const settled = new Set(consume);
  return ({ commandId, isMoved }) => isMoved !== true && settled.has(commandId);
}
