import type { CommandRow } from '@baton/event-store';
import { type CommandKey, keyOf } from './task-bundles.js';

/** `sent`: its queue has it, or had it. */
export type Handover = 'on-its-way' | 'sent';

/**
 * What of the commands beyond the cursor this process has given to their queues. Of what was sent nothing may be left in its
 * queue: it was taken and done, and its result is not here yet. So a queue cannot say whether something was sent.
 */
export class Handovers {
  /** In the order of the commits. */
  readonly #beyond = new Map<string, { readonly seq: number; state: Handover }>();

  begin(commands: readonly CommandRow[]): void {
    for (const command of commands) {
      if (command.queue !== null) this.#beyond.set(keyOf(command), { seq: command.seq, state: 'on-its-way' });
    }
  }

  of(command: CommandKey): Handover | undefined {
    return this.#beyond.get(keyOf(command))?.state;
  }

  succeed(command: CommandKey): void {
    const known = this.#beyond.get(keyOf(command));
    if (known !== undefined) known.state = 'sent';
  }

  fail(command: CommandKey): void {
    this.#beyond.delete(keyOf(command));
  }

  /** It is settled. */
  forget(command: CommandKey): void {
    if (this.of(command) === 'sent') this.#beyond.delete(keyOf(command));
  }

  /** The cursor is here: what lies before it is of no interest any more. */
  passed(seq: number): void {
    for (const [key, known] of this.#beyond) {
      if (known.seq > seq) return;
      this.#beyond.delete(key);
    }
  }
}
