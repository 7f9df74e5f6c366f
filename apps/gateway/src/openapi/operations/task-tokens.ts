import { RunAccepted } from '@baton/contracts';
import { TaskFailureBody, TaskHeartbeatBody, TaskSuccessBody } from '../../task-tokens/answer-task.js';
import type { Operations } from '../operation.js';

const description =
  'The first answer counts: another one is refused with `task-timed-out`, as is one whose task had no more time, was tried again or belongs to a run that has ended. With an Idempotency-Key the same answer may be sent again.';

export const taskTokenOperations: Operations = {
  'POST /v1/task-tokens/success': {
    id: 'sendTaskSuccess',
    tag: 'runs',
    summary: 'Say by its token that a task succeeded',
    description,
    headers: ['Idempotency-Key'],
    body: TaskSuccessBody,
    answers: { 202: { description: 'The answer is stored.', schema: RunAccepted } },
    refusals: [400, 404, 409, 413, 422],
  },
  'POST /v1/task-tokens/failure': {
    id: 'sendTaskFailure',
    tag: 'runs',
    summary: 'Say by its token that a task failed',
    description,
    headers: ['Idempotency-Key'],
    body: TaskFailureBody,
    answers: { 202: { description: 'The answer is stored.', schema: RunAccepted } },
    refusals: [400, 404, 409, 413, 422],
  },
  'POST /v1/task-tokens/heartbeat': {
    id: 'sendTaskHeartbeat',
    tag: 'runs',
    summary: 'Say by its token that a task goes on',
    body: TaskHeartbeatBody,
    answers: { 204: { description: 'Its HeartbeatSeconds count from now.' } },
    refusals: [400, 404, 409, 422],
  },
};
