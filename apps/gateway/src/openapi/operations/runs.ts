import {
  ArtifactList,
  Conversation,
  ModelTime,
  RunAccepted,
  RunDetail,
  RunDiff,
  RunList,
  RunResult,
  RunStateView,
  SubmitGoal,
} from '@baton/contracts';
import { RunListQuery, RunResultQuery } from '../../http/queries.js';
import { ForkRunBody } from '../../runs/fork-run.js';
import { PrintedQuery } from '../../runs/printed-text.js';
import { RateRunBody } from '../../runs/rate-run.js';
import { ConversationQuery } from '../../runs/run-conversation.js';
import { RunDiffFileQuery, RunDiffQuery } from '../../runs/run-diff.js';
import { RunStateQuery } from '../../runs/run-state.js';
import { STEERINGS, type Steering } from '../../runs/steer-run.js';
import { SubmittedRun } from '../../runs/submit-run.js';
import type { Operation, Operations } from '../operation.js';

const ACCEPTED = {
  202: {
    description:
      'It is stored, and will be carried out whatever happens. `runId` is the run that it has its effect on.',
    schema: RunAccepted,
    headers: ['Location'],
  },
} as const;

const steering = (id: string, summary: string, { body }: Pick<Steering, 'body'>): Operation => ({
  id,
  tag: 'steering',
  summary,
  headers: ['Idempotency-Key'],
  body,
  isBodyOptional: id !== 'signalRun',
  answers: ACCEPTED,
  refusals: [404, 409, 422],
});

export const runOperations: Operations = {
  'POST /v1/runs': {
    id: 'submitRun',
    tag: 'runs',
    summary: 'Submit a run',
    description:
      'The same Idempotency-Key, or `requestId` of the body, is one run however often it is sent: with the same body the answer is the same, with another one it is 422.',
    headers: ['Idempotency-Key'],
    body: SubmittedRun,
    answers: ACCEPTED,
    refusals: [409, 422],
  },
  'POST /v1/goals': {
    id: 'submitGoal',
    tag: 'runs',
    summary: 'Submit a goal in one sentence',
    description:
      'A run of the workflow goal: it picks among workers and workflows, composes a workflow, has it approved, publishes it under a hash and runs it. `approval: given` runs it unasked, and needs the role approver, too. Sent once as a run is.',
    headers: ['Idempotency-Key'],
    body: SubmitGoal,
    answers: ACCEPTED,
    refusals: [409, 422],
  },
  'GET /v1/runs': {
    id: 'listRuns',
    tag: 'runs',
    summary: 'List runs, newest first',
    query: RunListQuery,
    answers: { 200: { description: 'A page of runs.', schema: RunList, headers: ['Link'] } },
  },
  'GET /v1/runs/:id': {
    id: 'getRun',
    tag: 'runs',
    summary: 'A run as it is now',
    description: 'With who is at each of its tasks, and what is left of its budget.',
    headers: ['If-None-Match', 'Prefer'],
    answers: {
      200: { description: 'The run.', schema: RunDetail, headers: ['ETag', 'Preference-Applied'] },
      304: { description: 'It is what If-None-Match names.' },
    },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/result': {
    id: 'getRunResult',
    tag: 'runs',
    summary: 'What a run came to',
    description: 'Refused with 409 while it has not ended.',
    query: RunResultQuery,
    answers: { 200: { description: 'The result.', schema: RunResult } },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/state': {
    id: 'getRunState',
    tag: 'runs',
    summary: 'The state after the first events of a run',
    description: 'Folded from the log and from nothing else.',
    query: RunStateQuery,
    answers: { 200: { description: 'The state.', schema: RunStateView } },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/diff': {
    id: 'getRunDiff',
    tag: 'runs',
    summary: 'What a run changed in its workspace',
    query: RunDiffQuery,
    answers: {
      200: {
        description: 'The files that differ; as `text/x-diff` a patch.',
        schema: RunDiff,
        texts: { 'text/x-diff': 'A patch as `git apply` takes it.' },
      },
    },
    refusals: [404, 409, 422],
  },
  'GET /v1/runs/:id/diff/file': {
    id: 'getRunDiffFile',
    tag: 'runs',
    summary: 'A file that a run changed, as it was or as it is',
    description:
      'Rounds as for the difference; `side` says which of the two versions. As an attachment, as plain text.',
    query: RunDiffFileQuery,
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The file.', texts: { 'text/plain': 'Its bytes.' }, headers: ['ETag'] },
      304: { description: 'It is what If-None-Match names.' },
    },
    refusals: [404, 409, 422],
  },
  'GET /v1/runs/:id/printed': {
    id: 'getPrinted',
    tag: 'runs',
    summary: 'What a tool of a validation printed',
    description: 'As far as it was kept: `execution.printed` of the tool in the event says what there is.',
    query: PrintedQuery,
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The end of the stream.', texts: { 'text/plain': 'Its bytes.' }, headers: ['ETag'] },
      304: { description: 'It is what If-None-Match names.' },
    },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/model-time': {
    id: 'getRunModelTime',
    tag: 'runs',
    summary: 'How long models took for the tasks of a run',
    description: 'From the journals of its tasks: calls whose duration is not on record are counted beside.',
    answers: { 200: { description: 'By task.', schema: ModelTime } },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/artifacts': {
    id: 'listArtifacts',
    tag: 'runs',
    summary: 'The files that a run made',
    description: 'While it is at work, and where it did not succeed, those of its newest round.',
    answers: { 200: { description: 'The files.', schema: ArtifactList } },
    refusals: [404, 409, 422],
  },
  'GET /v1/runs/:id/artifacts/*': {
    id: 'getArtifact',
    tag: 'runs',
    summary: 'A file that a run made',
    description: 'As an attachment, with the type that its name says.',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The file.', texts: { '*/*': 'Its bytes.' }, headers: ['ETag'] },
      304: { description: 'It is what If-None-Match names.' },
    },
    refusals: [404, 409, 422],
  },
  'GET /v1/runs/:id/conversation': {
    id: 'getRunConversation',
    tag: 'runs',
    summary: 'What was said to a model, and done, for one task',
    query: ConversationQuery,
    answers: { 200: { description: 'The conversation.', schema: Conversation } },
    refusals: [404, 409],
  },
  'POST /v1/runs/:id/cancel': steering('cancelRun', 'Cancel a run', STEERINGS.cancel),
  'POST /v1/runs/:id/pause': steering('pauseRun', 'Pause a run: nothing new begins in it', STEERINGS.pause),
  'POST /v1/runs/:id/resume': steering('resumeRun', 'Go on with a run that is paused', STEERINGS.resume),
  'POST /v1/runs/:id/retry': steering('retryRun', 'Go on with a run that failed, from what failed', STEERINGS.retry),
  'POST /v1/runs/:id/signals': steering('signalRun', 'Send a signal to a run', STEERINGS.signal),
  'POST /v1/runs/:id/ratings': {
    ...steering('rateRun', 'Say what a run, a decision or a state of it is worth', { body: RateRunBody }),
    description:
      'An event of the log, also after the end of the run; `GET /v1/runs/{id}` shows it under `ratings`. A run in an archive is brought back for it.',
    isBodyOptional: false,
  },
  'POST /v1/runs/:id/fork': {
    ...steering('forkRun', 'Begin a new run with the state of another', { body: ForkRunBody }),
    isBodyOptional: false,
  },
};
