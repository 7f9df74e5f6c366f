import { Json } from '@baton/contracts';
import { z } from 'zod';
import { Accepted, accepted, onRecord, RequestKey, RunId } from '../shapes.js';
import { type Given, type Tool, type ToolPorts, toolOf } from '../tool.js';

const Reason = z.string().max(1_800).optional().describe('goes on record');
const OPERATE = ['operator'] as const;

interface SteeringTool {
  readonly name: 'cancel' | 'pause' | 'retry';
  readonly title: string;
  readonly description: string;
  readonly effect: 'changes' | 'ends';
  readonly done: string;
}

const WITH_REASON: readonly SteeringTool[] = [
  {
    name: 'cancel',
    title: 'Cancel a run',
    description: 'Ends a run for good, with all that is under way in it. There is no way back; pause_run holds it.',
    effect: 'ends',
    done: 'will be cancelled',
  },
  {
    name: 'pause',
    title: 'Pause a run',
    description: 'Nothing new begins in the run until resume_run; what is under way ends, and is kept.',
    effect: 'changes',
    done: 'will pause',
  },
  {
    name: 'retry',
    title: 'Retry a run',
    description: 'Takes a run that failed up again, at the states that failed.',
    effect: 'changes',
    done: 'will go on',
  },
];

const steering = ({ name, title, description, effect, done }: SteeringTool): Tool =>
  toolOf({
    ...{ name: `${name}_run`, title, description, effect },
    input: z.strictObject({ runId: RunId, reason: Reason, requestId: RequestKey }),
    output: Accepted,
    route: `POST /v1/runs/:id/${name}`,
    roles: OPERATE,
    run: async (ports, { runId, reason, requestId }, { signal, clientName }) => {
      const body = { reason: onRecord(reason, clientName), requestId };
      const params = { path: { id: runId } };
      return toldOf(ports, done, await ports.api.post(`/v1/runs/{id}/${name}`, { params, body, signal }));
    },
  });

const toldOf = (
  { dashboardUrl }: Pick<ToolPorts, 'dashboardUrl'>,
  done: string,
  answer: Parameters<typeof accepted>[0],
): Given<z.input<typeof Accepted>> => ({
  value: accepted(answer, dashboardUrl),
  text: `Run ${answer.runId} ${done}: the request is stored.`,
  page: `/runs/${answer.runId}`,
});

const resumeRun = toolOf({
  name: 'resume_run',
  title: 'Resume a run',
  description: 'Lets a paused run go on.',
  input: z.strictObject({ runId: RunId, requestId: RequestKey }),
  output: Accepted,
  route: 'POST /v1/runs/:id/resume',
  roles: OPERATE,
  effect: 'changes',
  run: async (ports, { runId, requestId }, { signal }) => {
    const params = { path: { id: runId } };
    const answer = await ports.api.post('/v1/runs/{id}/resume', { params, body: { requestId }, signal });
    return toldOf(ports, 'will go on', answer);
  },
});

const sendSignal = toolOf({
  name: 'send_signal',
  title: 'Send a signal to a run',
  description:
    'Sends something named to a run: the first state that waits for that name (baton:signal:<name>) takes it; until then it is kept.',
  input: z.strictObject({
    runId: RunId,
    name: z.string().min(1).max(100),
    data: Json.optional(),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/runs/:id/signals',
  roles: OPERATE,
  effect: 'changes',
  run: async (ports, { runId, name, data, requestId }, { signal }) => {
    const params = { path: { id: runId } };
    const answer = await ports.api.post('/v1/runs/{id}/signals', { params, body: { name, data, requestId }, signal });
    return toldOf(ports, `gets the signal ${name}`, answer);
  },
});

export const steeringTools: readonly Tool[] = [...WITH_REASON.map(steering), resumeRun, sendSignal];
