import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  intakeMessages,
  laneResultsQueue,
  MessageBundle,
  resultMessages,
  TaskSucceeded,
  WorkerAnnouncement,
  workerMessages,
} from '@baton/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { currentTrace, traceRequests } from '../http/trace-requests.js';
import { toMessage } from '../runs/requests.js';

/*
 * While a system is brought up to date, processes of the last released version and of this one tell each other things. What that
 * version reads was put on record when it was released (`scripts/record-release.mjs`); what it writes stands here, as it writes it.
 */

const file = resolve(import.meta.dirname, '../../../../scripts/released/messages.json');
const released = z.record(z.string(), z.looseObject({})).parse(JSON.parse(readFileSync(file, 'utf8')));

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const runId = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const envelope = { v: 1, id: 'm-1', runId, commandId: `${runId}-3`, step: 2, dispatchNo: 0 };
const facts = {
  usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5, cacheReadTokens: 1 },
  model: 'offline',
  requestIds: ['req-1'],
  template: { id: 'one', version: '1.0.0', sha256: 'ab'.repeat(32), variant: 'plain' },
  journal: { calls: 2, replayed: 1 },
  journaled: { entries: 2, sha256: 'cd'.repeat(32) },
};
const blobRef = { sha256: 'ef'.repeat(32), size: 20_000 };
const task = {
  ...envelope,
  kind: 'planner',
  state: 'Plan',
  attempt: 1,
  arguments: { any: ['thing'] },
  nonce: 'abc-DEF_1',
  heartbeatSeconds: 30,
  deadline: '2026-11-28T12:00:00.000Z',
  budget: { usd: 1, tokens: 100 },
  agents: { model: 'offline', templates: { one: 'plain' } },
  questions: 2,
};
const announcement = {
  v: 1,
  workerId: runId,
  kind: 'planner',
  description: 'Plans.',
  version: '1.2',
  host: 'ada',
  pid: 7,
  concurrency: 4,
  bundle: 10,
  hasOwnDoor: true,
  input: { type: 'object' },
  output: null,
  tasks: [
    {
      ...{ ordinal: 1, commandId: `${runId}-3`, state: 'Plan', dispatchNo: 0, begunMsAgo: 10.5 },
      ...{ endedMsAgo: null, beatMsAgo: 1, note: 'half way' },
    },
  ],
  isStopped: false,
};

describe('this version reads what the released one writes', () => {
  test.each([
    ['a task', workerMessages.task, task],
    ['a task with its arguments elsewhere', workerMessages.task, { ...task, arguments: undefined, blobRef }],
    ['a result', resultMessages.succeeded, { ...envelope, output: { plan: [1] }, ...facts }],
    ['a result that stands elsewhere', resultMessages.succeeded, { ...envelope, blobRef, ...facts }],
    ['a failure', resultMessages.failed, { ...envelope, error: 'E', cause: 'c', retryable: true, ...facts }],
    ['a sign of life', resultMessages.heartbeat, { ...envelope, progress: 'half way', waitSeconds: 5 }],
    ['an announcement', resultMessages.worker, announcement],
    ['several at once', MessageBundle, { v: 1, messages: [{ name: 'task', data: task, jobId: 'c-1' }] }],
  ])('%s', (_, schema, message) => {
    expect(schema.safeParse(JSON.parse(JSON.stringify(message))).error?.issues).toBeUndefined();
  });
});

describe('the released version reads what this one writes', () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const problemsOf = (name: string, message: unknown) => {
    const check = ajv.compile(released[name] ?? false);
    return check(JSON.parse(JSON.stringify(message))) ? [] : (check.errors ?? []);
  };

  test.each([
    ['worker.task', { ...task, replyTo: laneResultsQueue(3) }],
    ['worker.bundle', { v: 1, messages: [{ name: 'task', data: task, jobId: 'c-1' }] }],
    ['results.succeeded', TaskSucceeded.parse({ ...envelope, output: null, ...facts })],
    ['results.failed', { ...envelope, error: 'E', cause: 'c', retryable: false, ...facts }],
    ['results.heartbeat', { ...envelope, progress: 'half way' }],
    ['results.worker', WorkerAnnouncement.parse({ ...announcement, isDraining: true })],
  ])('%s', (name, message) => {
    expect(problemsOf(name, message)).toEqual([]);
  });

  const anAnswer = { decision: 'approve', comment: 'yes', sha256: 'ab'.repeat(32), roles: ['approver'] };
  const requests = {
    submit: { workflow: 'seven-step', input: {}, priority: 1, labels: { a: 'b' } },
    cancel: { runId, reason: 'enough' },
    pause: { runId, reason: 'later' },
    resume: { runId },
    retry: { runId, reason: 'once more' },
    signal: { runId, name: 'go', data: 1 },
    fork: { runId, at: 3, forkId: runId, labels: { a: 'b' } },
    'decide-approval': { runId, approvalId: `${runId}-3`, ...anAnswer },
  };
  const newer = ['answer-task', 'rate', 'signed'];

  test('a request, also under a trace: of that it has no member', async () => {
    const sent: { readonly name: string; readonly message: unknown; readonly trace: unknown }[] = [];
    const server = fastify();
    traceRequests(server, false);
    for (const [name, request] of Object.entries(requests)) {
      server.post(`/${name}`, async () => {
        const actor = { type: 'user', id: 'ada' };
        sent.push({ name, message: toMessage({ requestId: 'r', ...request, actor }), trace: currentTrace() });
        return null;
      });
    }
    for (const name of Object.keys(requests)) {
      await server.inject({ method: 'POST', url: `/${name}`, headers: { traceparent: TRACE } });
    }
    await server.close();
    expect(sent).toHaveLength(Object.keys(requests).length);
    for (const { name, message, trace } of sent) {
      expect([name, trace, problemsOf(`intake.${name}`, message)]).toEqual([name, TRACE, []]);
    }
    expect([...Object.keys(requests), ...newer].toSorted()).toEqual(Object.keys(intakeMessages).toSorted());
  });

  test('and would be seen not to', () => {
    expect(problemsOf('results.succeeded', { ...envelope, v: 2, output: null })).toMatchObject([
      { instancePath: '/v' },
    ]);
  });
});
