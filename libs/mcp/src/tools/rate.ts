import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { Accepted, accepted, isOwnAgent, onRecord, RequestKey, RunId } from '../shapes.js';
import { type Tool, toolOf } from '../tool.js';

const rateRun = toolOf({
  name: 'rate_run',
  title: 'Rate a run',
  description:
    'Puts on record what a person thinks of a run, or of one of its decisions or states, from 1 to 5, best. Only what that person said: judges are held against it, so never your own opinion. The run stays as it is.',
  input: z.strictObject({
    runId: RunId,
    score: z.int().min(1).max(5).describe('5 is best'),
    note: z.string().max(3_800).optional().describe('why, in the words of the person'),
    decisionId: z.string().min(1).max(200).optional().describe('for one decision; get_events has its id'),
    state: z.string().min(1).max(200).optional().describe('for what one state made'),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/runs/:id/ratings',
  roles: ['submitter', 'approver', 'operator'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, { runId, note, ...rating }, { signal, clientName }) => {
    if (isOwnAgent(clientName))
      throw new BatonError('An agent that works for a run rates none.', {
        code: 'rating-by-agent',
        next: `A person does it there: ${dashboardUrl}/runs/${encodeURIComponent(runId)}`,
      });
    const body = { ...rating, note: onRecord(note, clientName) };
    const answer = await api.post('/v1/runs/{id}/ratings', { params: { path: { id: runId } }, body, signal });
    return {
      value: accepted(answer, dashboardUrl),
      text: `Run ${answer.runId} is rated ${rating.score} of 5: the request is stored.`,
      page: `/runs/${answer.runId}`,
    };
  },
});

export const ratingTools: readonly Tool[] = [rateRun];
