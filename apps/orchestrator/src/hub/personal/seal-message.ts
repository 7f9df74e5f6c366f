import { type Json, JsonObject, MessageBundle, RunId } from '@baton/contracts';
import type { OutgoingJob } from '@baton/messaging';
import type { Sealer } from '@baton/personal-data';
import { personalPlaces, type RunOrder, type RunState } from '@baton/workflow';
import type { HubMessage } from '../message.js';

/*
 * What a workflow marks as personal is sealed in front of the decision, so that neither the log nor a command ever holds it in
 * plain words, and opened again on its way to a worker.
 */

/** The message as it is to be decided on; null where it is that already. */
export function sealMessage(message: HubMessage, run: RunState, sealer: Sealer): Promise<HubMessage> | null {
  const places = personalPlaces(message.order, run);
  if (places === null) return null;
  const of = { input: places.input, runId: message.runId };
  return changeOrder(message.order, (value) => sealer.sealed(value, places.marks, of)).then((order) => ({
    ...message,
    order,
  }));
}

async function changeOrder(order: RunOrder, change: (value: Json) => Promise<Json>): Promise<RunOrder> {
  switch (order.type) {
    case 'StartRun': {
      const { submission } = order;
      return { ...order, submission: { ...submission, input: await change(submission.input) } };
    }
    case 'CompleteTask':
      return { ...order, output: await change(order.output) };
    case 'SignalRun':
      return { ...order, data: await change(order.data) };
    case 'DecideApproval':
      return order.output === undefined ? order : { ...order, output: await change(order.output) };
    default:
      return order;
  }
}

/** Of a task's message: its arguments hold what is sealed. It stands in Postgres alone and goes to no queue. */
export const SEALED = 'sealed';

const isToOpen = (data: Json): data is JsonObject =>
  typeof data === 'object' && data !== null && !Array.isArray(data) && (data as JsonObject)[SEALED] === true;

/** Quick, since each job that is sent is asked. */
const mayHaveToOpen = ({ data }: OutgoingJob): boolean =>
  data[SEALED] === true || (Array.isArray(data.messages) && data.messages.some(isOfOneToOpen));

const isOfOneToOpen = (entry: Json): boolean =>
  typeof entry === 'object' && entry !== null && 'data' in entry && isToOpen(entry.data);

/** Jobs as they are to be sent: with what is sealed in their tasks opened. */
export async function openJobs(jobs: readonly OutgoingJob[], sealer: Sealer): Promise<readonly OutgoingJob[]> {
  if (!jobs.some(mayHaveToOpen)) return jobs;
  return Promise.all(
    jobs.map(async (job) => {
      const messages = messagesOf(job.data);
      if (messages.length === 0) return { ...job, data: await opened(job.data, sealer) };
      const open = messages.map(async (each) => ({ ...each, data: await opened(each.data, sealer) }));
      return { ...job, data: { ...job.data, messages: await Promise.all(open) } };
    }),
  );
}

function messagesOf(data: JsonObject): readonly { readonly name: string; readonly data: Json }[] {
  const bundle = data.messages === undefined ? undefined : MessageBundle.safeParse(data);
  return bundle?.success === true ? bundle.data.messages : [];
}

async function opened<T extends Json>(data: T, sealer: Sealer): Promise<T | JsonObject> {
  if (!isToOpen(data)) return data;
  const { [SEALED]: _, ...task }: JsonObject = data;
  return JsonObject.parse(await sealer.opened(task, RunId.parse(task.runId)));
}
