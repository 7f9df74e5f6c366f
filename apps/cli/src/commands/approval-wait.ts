import type { EventView } from '@baton/contracts';
import { z } from 'zod';
import { asCalled } from '../call-name.js';
import type { Context } from '../context.js';
import { StillWaiting } from '../exit-codes.js';
import { writeLine } from '../output.js';
import { evolveProgress } from '../progress/evolve-progress.js';
import type { Progress } from '../progress/progress.js';
import { shortApproval } from './run-shapes.js';
import type { WatchOptions } from './watch-options.js';

/** The events of one turn come together: this long after the last of them it is clear what the run waits for. */
const QUIET_MS = 300;

/** The event that asks a person to decide, or to answer a task. */
const Asked = z.object({
  commandId: z.string(),
  arguments: z.object({ about: z.enum(['decision', 'question', 'work']) }),
});

const WHAT = {
  approval: 'an approval',
  decision: 'a decision',
  question: 'an answer',
  work: 'work that is done by hand',
} as const;

/**
 * Tells people what a run asks of them while it is watched, and ends the watch where it would wait for a person who is
 * not there:
 *
 *   --exit-on-approval      as soon as an approval is asked for
 *   no terminal             once nothing but approvals is under way
 *   --timeout               whatever is under way
 */
export class ApprovalWait {
  readonly #leaving = new AbortController();
  readonly #told = new Set<string>();
  /** What approvals are about that are not just approved: which of several moves is made, what is said to a task. */
  readonly #about = new Map<string, 'decision' | 'question' | 'work'>();
  readonly #timeout: NodeJS.Timeout | null;
  #quiet: NodeJS.Timeout | null = null;
  #progress: Progress | null = null;

  /** @param since the version from which on events are news; those before it may have been answered long ago */
  constructor(
    private readonly context: Context,
    private readonly runId: string,
    private readonly options: WatchOptions & { readonly since: number },
  ) {
    const leave = (): void => this.#leaving.abort();
    this.#timeout = options.timeout === undefined ? null : setTimeout(leave, options.timeout);
  }

  /** Aborted when the watch is to end. */
  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  /** @returns what to show of it beside the run on a terminal; null when the run asks nothing. */
  take(event: EventView): string | null {
    this.#progress = evolveProgress(this.#progress, event);
    const asked = Asked.safeParse(event.data);
    if (event.type === 'TaskScheduled' && asked.success)
      this.#about.set(asked.data.commandId, asked.data.arguments.about);
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    const approvals = this.#approvals();
    if (event.version < this.options.since || approvals.length === 0) return null;
    const words = approvals.map(([approvalId, state]) => this.#tell(approvalId, state));
    if (this.#wouldWaitForNobody()) this.#quiet = setTimeout(() => this.#leaving.abort(), QUIET_MS);
    return words.at(0) ?? null;
  }

  stop(): void {
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    if (this.#timeout !== null) clearTimeout(this.#timeout);
  }

  /** Why the watch ended while the run goes on. */
  reason(): StillWaiting {
    const [first] = this.#approvals();
    const back = `\`baton run watch ${this.runId}\``;
    if (first === undefined) {
      return new StillWaiting('time', `Run ${this.runId} is not finished yet; it goes on.`, `Come back with ${back}.`);
    }
    const [approvalId, state] = first;
    return new StillWaiting(
      'approval',
      `Run ${this.runId} waits for ${this.#what(approvalId)} in ${state}.`,
      `See it with \`baton approval show ${approvalId}\`, answer with \`${this.#answerTo(approvalId, approvalId)}\`, and come back with ${back}.`,
    );
  }

  /** A question about a decision offers moves, of which the person names one; that of a task is answered in words. */
  #answerTo(approvalId: string, id: string): string {
    const about = this.#about.get(approvalId);
    if (about === 'question') return `baton approval answer ${id} --text TEXT`;
    if (about === 'work') return `baton approval answer ${id} --workspace DIR`;
    return `baton approval approve ${id}${about === 'decision' ? ' --move MOVE' : ''}`;
  }

  #what(approvalId: string): string {
    return WHAT[this.#about.get(approvalId) ?? 'approval'];
  }

  #approvals(): readonly (readonly [string, string])[] {
    return Object.entries(this.#progress?.approvals ?? {});
  }

  #tell(approvalId: string, state: string): string {
    const { io } = this.context;
    const id = shortApproval(approvalId);
    const words = `${state} waits for ${this.#what(approvalId)}: \`baton approval show ${id}\`, then \`${this.#answerTo(approvalId, id)}\`.`;
    // A picture that is drawn in place shows it itself.
    if (!this.#told.has(approvalId) && !(io.out.isTerminal && this.context.format === 'table'))
      writeLine(io.err, words);
    this.#told.add(approvalId);
    return asCalled(words, io.callName);
  }

  #wouldWaitForNobody(): boolean {
    if (this.options.exitOnApproval === true) return true;
    const { out, err } = this.context.io;
    return !out.isTerminal && !err.isTerminal && this.#progress?.workCount === 0;
  }
}
