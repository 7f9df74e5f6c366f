import { type HandIn, JsonObject } from '@baton/contracts';
import { refusedHandIn, type TaskHandler, type TaskResult, type WorkerLog } from '@baton/worker';
import { whyMissing } from '../task/or-failure.js';

/*
 * Work that a person did by hand. The worker that would have done it looks at it by the rules for its own answers, and asks
 * no model: what passes is an output like any other, and says who made it.
 */

/** Looks at what was handed in for a task with these arguments. */
export type LookAtHandIn = (args: JsonObject, handIn: HandIn) => Promise<TaskResult>;

/** Takes the tasks that a person did, and sends all others on to `otherwise`. */
export function withHandIns(
  otherwise: TaskHandler,
  look: LookAtHandIn,
  { agent, log }: { readonly agent: string; readonly log: WorkerLog },
): TaskHandler {
  return async (task, signal) => {
    const { handIn, runId, commandId, state, attempt } = task;
    if (handIn === undefined) return otherwise(task, signal);
    const result = await look(JsonObject.safeParse(task.arguments).data ?? {}, handIn).catch(unlessMissing);
    log.info({ runId, commandId, state, attempt, agent, ok: result.ok }, 'looked at work that was done by hand');
    return result;
  };
}

const unlessMissing = (thrown: unknown): TaskResult => refusedHandIn(whyMissing(thrown));

export const refusedFor = (problems: readonly string[]): TaskResult =>
  refusedHandIn(`What was handed in does not fit: ${problems.join('; ')}.`);
