import { BatonError, Json, takesTasks } from '@baton/contracts';
import { z } from 'zod';
import { Accepted, accepted, cutTo, RequestKey } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';

const answerTask = toolOf({
  name: 'answer_task',
  title: 'Answer a task by its token',
  description:
    'Says what came of a task that waits for it, by the token that the task gave out: its output, or the error that it failed with. The first answer counts. The token is all that is needed to answer: show it to nobody.',
  input: z.strictObject({
    token: z.string().min(1).max(2_048).describe('as the task came with it, whole'),
    answer: z.enum(['success', 'failure']),
    output: Json.optional().describe('with success: what came of it'),
    error: z.string().min(1).max(256).optional().describe('with failure: a name, which Retry and Catch match'),
    cause: z.string().max(32_768).optional().describe('with failure: what went wrong'),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/task-tokens/success',
  roles: ['submitter', 'operator'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, { token, answer, output, error, cause, requestId }, { signal }) => {
    const isSuccess = answer === 'success';
    if (isSuccess ? error !== undefined || cause !== undefined : output !== undefined)
      throw new BatonError('A success has an output, and a failure has an error and a cause.', {
        code: 'invalid-parameter',
        next: 'Leave out what belongs to the other.',
      });
    const params = requestId === undefined ? {} : { params: { header: { 'Idempotency-Key': requestId } } };
    const accept = isSuccess
      ? await api.post('/v1/task-tokens/success', { ...params, body: { token, output }, signal })
      : await api.post('/v1/task-tokens/failure', { ...params, body: { token, error, cause }, signal });
    return {
      value: accepted(accept, dashboardUrl),
      text: `The task is told of its ${answer}: the request is stored.`,
      page: `/runs/${accept.runId}`,
    };
  },
});

const listWorkers = toolOf({
  name: 'list_workers',
  title: 'List who works',
  description:
    'The kinds of workers that take tasks, what each does, and the schemas of what it takes and gives: what a workflow document can ask for as baton:worker:<kind>, and why a task that nobody takes goes on waiting.',
  input: z.strictObject({
    kind: z.string().min(1).max(63).optional().describe('with its schemas; without it, of all kinds and no schema'),
  }),
  output: z.object({
    kinds: z.array(
      z.object({
        kind: z.string(),
        description: z.string(),
        alive: z.int().describe('workers that take tasks now; 0: its tasks wait'),
        load: z.int().describe('tasks in work'),
        places: z.int().describe('tasks that they take at the same time'),
        input: Json.describe('JSON Schema; null where it was not asked for, or it says none'),
        output: Json,
      }),
    ),
  }),
  route: 'GET /v1/workers',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api }, { kind: wanted }, { signal }) => {
    const { workers } = await api.get('/v1/workers', { signal });
    const ofKind = Map.groupBy(workers, ({ kind }) => kind);
    if (wanted !== undefined && !ofKind.has(wanted))
      throw new BatonError(`No worker of the kind ${wanted} was ever seen.`, {
        code: 'worker-not-found',
        next: `There are ${[...ofKind.keys()].join(', ') || 'none at all'}.`,
      });
    const kinds = [...ofKind].flatMap(([kind, all]) => {
      const [newest] = all;
      if (newest === undefined || (wanted ?? kind) !== kind) return [];
      const working = all.filter(takesTasks);
      const sum = (of: 'load' | 'concurrency'): number => working.reduce((before, each) => before + each[of], 0);
      return {
        ...{ kind, description: newest.description, alive: working.length },
        ...{ load: sum('load'), places: sum('concurrency') },
        input: wanted === undefined ? null : newest.input,
        output: wanted === undefined ? null : newest.output,
      };
    });
    const lines = kinds.map(({ kind, description, alive }) => `${kind} (${alive} alive): ${cutTo(description, 200)}`);
    return { value: { kinds }, text: lines.length === 0 ? 'Nobody works.' : lines.join('\n'), page: '/operations' };
  },
});

export const taskTools: readonly Tool[] = [answerTask, listWorkers];
