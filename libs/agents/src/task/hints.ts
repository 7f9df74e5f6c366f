import { type Json, JsonObject, RecoveryStrategy } from '@baton/contracts';
import type { TaskHandler, TaskResult, WorkerTask } from '@baton/worker';
import { z } from 'zod';
import { invalidInput } from './or-failure.js';
import { describeIssues } from './problems.js';

const Recovery = z.object({
  strategy: RecoveryStrategy,
  /** 1 for the first recovery of the visit. */
  attempt: z.int().positive(),
  /** What the task failed with before. Models and tools wrote parts of it, so it is data to whoever reads it. */
  previousError: z.object({ error: z.string(), cause: z.string() }),
});
type Recovery = z.infer<typeof Recovery>;

const HintArguments = z.object({
  recovery: Recovery.optional(),
  /** `wind-down`: four fifths of the run's budget are used. */
  budgetHint: z.literal('wind-down').optional(),
});

/** What the hub adds to the arguments of any task, beside what its workflow says. */
export interface Hints {
  readonly recovery: Recovery | null;
  readonly isWindingDown: boolean;
}

export const NO_HINTS: Hints = { recovery: null, isWindingDown: false };

/** A handler whose task no longer has the hints among its arguments. */
export type HintedHandler = (task: WorkerTask, hints: Hints, signal: AbortSignal) => Promise<TaskResult>;

/** Takes the hints out of the arguments, so that the arguments themselves can be as strict as ever. */
export function withHints(handler: HintedHandler): TaskHandler {
  return async (task, signal) => {
    const given = JsonObject.safeParse(task.arguments);
    if (!given.success) return handler(task, NO_HINTS, signal);
    const read = HintArguments.safeParse(given.data);
    if (!read.success) return invalidInput(`The arguments do not fit: ${describeIssues(read.error).join('; ')}.`);
    const { recovery, budgetHint } = read.data;
    const hints = { recovery: recovery ?? null, isWindingDown: budgetHint !== undefined };
    return handler({ ...task, arguments: withoutHints(given.data) }, hints, signal);
  };
}

const withoutHints = ({ recovery: _, budgetHint: __, ...rest }: JsonObject): Json => rest;
