import { expect, test } from 'vitest';
import { intakeMessages, resultMessages, workerMessages } from './queues.js';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const runId = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const commandId = `${runId}-3`;

/** What goes out and is read back under a trace. A signed message has its trace within the signature. */
const requests = {
  submit: { requestId: 'r', workflow: 'seven-step', input: {} },
  cancel: { requestId: 'r', runId },
  pause: { requestId: 'r', runId },
  rate: { requestId: 'r', runId, score: 5 },
  resume: { requestId: 'r', runId },
  signal: { requestId: 'r', runId, name: 'go' },
  'decide-approval': { requestId: 'r', runId, approvalId: commandId, decision: 'approve' },
  retry: { requestId: 'r', runId },
  fork: { requestId: 'r', runId, at: 3 },
  'answer-task': { requestId: 'r', runId, commandId, answer: 'success', output: 1 },
} as const satisfies Record<Exclude<keyof typeof intakeMessages, 'signed'>, object>;

const envelope = { v: 1, id: 'm-1', runId, commandId, step: 2, dispatchNo: 0 };
const messages = [
  ...Object.entries(requests).map(([name, message]) => ({ name, schema: schemaOf(name), message })),
  { name: 'succeeded', schema: resultMessages.succeeded, message: { ...envelope, output: null } },
  {
    name: 'failed',
    schema: resultMessages.failed,
    message: { ...envelope, error: 'E', cause: 'c', retryable: true },
  },
  { name: 'heartbeat', schema: resultMessages.heartbeat, message: envelope },
  {
    name: 'task',
    schema: workerMessages.task,
    message: { ...envelope, kind: 'planner', state: 'Plan', attempt: 1, arguments: {}, nonce: 'abc-DEF_1' },
  },
];

function schemaOf(name: string) {
  const schema = Object.entries(intakeMessages).find(([each]) => each === name)?.[1];
  if (schema === undefined) throw new Error(`there is no request ${name}`);
  return schema;
}

test.each(messages)('$name under a trace is read, with it', ({ schema, message }) => {
  expect(schema.parse({ ...message, traceparent: TRACE })).toMatchObject({ traceparent: TRACE });
});

test.each(messages)('$name is taken whatever stands where its trace would', ({ name, schema, message }) => {
  const bare = schema.parse(message);
  for (const traceparent of [null, 7, {}, ['x']]) {
    expect(schema.parse({ ...message, traceparent })).toEqual(bare);
  }
  // A result says it of its envelope, where it is not measured before it is read.
  const long = schema.parse({ ...message, traceparent: 'x'.repeat(600) });
  if (name in requests) expect(long).toEqual(bare);
});
