import { describe, expect, it } from 'vitest';
import { intakeMessages, resultMessages, workerMessages } from './queues.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const about = { requestId: 'q', runId: RUN };
const REQUESTS = {
  submit: {
    requestId: 'q',
    workflow: 'seven-step',
    input: { any: 'thing' },
    budget: { usd: 1 },
    decisions: { mode: 'llm' },
  },
  cancel: { ...about, reason: 'enough' },
  pause: about,
  resume: about,
  signal: { ...about, name: 'go', data: { any: 'thing' } },
  'decide-approval': { ...about, approvalId: `${RUN}-1`, decision: 'approve' },
  retry: about,
  fork: { ...about, at: 3 },
} satisfies { readonly [name in keyof typeof intakeMessages]: object };
const NAMES = ['submit', 'cancel', 'pause', 'resume', 'signal', 'decide-approval', 'retry', 'fork'] as const;

describe('a request', () => {
  it.each(NAMES)('%s is read as it is meant, and refused with a member that nobody knows', (name) => {
    const schema = intakeMessages[name];
    expect(schema.safeParse(REQUESTS[name]).success).toBe(true);
    expect(schema.safeParse({ ...REQUESTS[name], actor: { type: 'producer', id: 'shop' } }).success).toBe(true);
    const problems = schema.safeParse({ ...REQUESTS[name], bugdet: { usd: 1 } }).error?.issues;
    expect(problems).toMatchObject([{ code: 'unrecognized_keys', keys: ['bugdet'] }]);
  });

  it.each([
    ['its budget', { budget: { usdd: 1 } }],
    ['what it says of decisions', { decisions: { mode: 'llm', model: 'x' } }],
    ['its actor', { actor: { type: 'producer', id: 'shop', role: 'admin' } }],
  ])('is refused with such a member in %s', (_, changes) => {
    expect(intakeMessages.submit.safeParse({ ...REQUESTS.submit, ...changes }).success).toBe(false);
  });
});

const envelope = { v: 1, id: 'm', runId: RUN, commandId: `${RUN}-1`, step: 1, dispatchNo: 0, newer: true };
const blobRef = { sha256: 'a'.repeat(64), size: 1, newer: true };

it.each([
  [
    'a result',
    resultMessages.succeeded,
    { output: 1, usage: { inputTokens: 1, outputTokens: 1, costUsd: null, newer: 1 } },
  ],
  ['a result in the blob store', resultMessages.succeeded, { blobRef }],
  ['a failure', resultMessages.failed, { error: 'E', cause: '', retryable: true }],
  ['a heartbeat', resultMessages.heartbeat, { progress: 'half' }],
  ['a task', workerMessages.task, { kind: 'echo', state: 'S', attempt: 1, arguments: null }],
])('%s of a newer version is not lost for a member that nobody here knows', (_, schema, body) => {
  const read = schema.safeParse({ ...envelope, ...body });
  expect(read.success).toBe(true);
  expect(JSON.stringify(read.data)).not.toContain('newer');
});
