import { type JsonObject, PROTOCOL_VERSION, repliesTo, resultJobId, type Task, TaskSucceeded } from '@baton/contracts';
import type { OutgoingJob } from '@baton/messaging';

/** The result of a task, as a worker sends it, and its queue. */
export function answerOf(task: Task, output: JsonObject): { readonly queue: string; readonly job: OutgoingJob } {
  const { runId, commandId, dispatchNo, step, nonce } = task;
  const id = `a-${commandId}-${String(output.by)}`;
  const data = { v: PROTOCOL_VERSION, id, runId, commandId, step, dispatchNo, output };
  TaskSucceeded.parse(data);
  return { queue: repliesTo(task), job: { jobId: resultJobId(commandId, dispatchNo, nonce), name: 'succeeded', data } };
}
