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
 * rung stands in the row of the command, so whoever sends it once more sends it as urgent as it was. No run can see it.
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

  constructor(private readonly monotonicMs: () => number) {}

  /** The items of a batch, each task on its rung; the same ones where all stand in front. */
  onRungs(batch: readonly Sharing[]): readonly AppendItem[] {
    this.#batch += 1;
    return batch.map(({ state, item }) => {
      let commands: NewCommand[] | null = null;
      for (const [n, command] of item.commands.entries()) {
        const rung = this.#rungOf(command, state);
        if (rung === 0) continue;
        commands ??= [...item.commands];
        commands[n] = { ...command, priority: onRung(command.priority, rung) };
      }
      return commands === null ? item : { ...item, commands };
    });
  }

  /** The batch is written: what it settles is out no more, and what it issues is. */
  written(batch: readonly Sharing[]): void {
    const sinceMs = this.monotonicMs();
    for (const { state, item } of batch) {
      for (const commandId of item.consume) this.#settle(commandId);
      for (const { commandId, queue } of item.commands) {
        if (queue === null || state.status === 'new') continue;
        const share = this.#shareOf(queue, personOf(state.submittedBy));
        share.out += 1;
        this.#held.set(commandId, { share, sinceMs });
      }
    }
  }

  /** Of all that is out for so long these are open still: the rest was settled by another hub. */
  keepOnly(open: ReadonlySet<CommandId>, olderThanMs: number): void {
    const beforeMs = this.monotonicMs() - olderThanMs;
    for (const [commandId, { sinceMs }] of this.#held) {
      // In the order in which they were issued.
      if (sinceMs >= beforeMs) break;
      if (!open.has(commandId)) this.#settle(commandId);
    }
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
    return rungFor(share.withBatch - 1);
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
