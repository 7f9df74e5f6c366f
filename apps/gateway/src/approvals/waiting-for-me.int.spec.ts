import { randomUUID } from 'node:crypto';
import type { Actor, ApprovalPolicy } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { asked, entered, frame } from '../testing/approval-events.js';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
const keys = new Map<string, string>();
/** Runs by what they ask. */
const runs = new Map<string, string>();

const keyOf = (name: string): Actor => ({ type: 'apikey', id: name });

async function asking(
  name: string,
  policy: ApprovalPolicy | undefined,
  facts: {
    readonly by?: Actor;
    readonly labels?: Record<string, string>;
    readonly later?: (commandId: string) => RunEvent;
  } = {},
): Promise<void> {
  const runId = randomUUID();
  runs.set(name, runId);
  const { by = keyOf('somebody'), labels = {}, later } = facts;
  const started = runStarted({ submittedBy: by, labels });
  await gateway.log.append(runId, started, frame(1), entered(1), asked(runId, 1, { title: name }, policy));
  if (later !== undefined) await gateway.log.append(runId, later(`${runId}-1`));
}

const countedOf =
  (by: Actor) =>
  (commandId: string): RunEvent => ({
    type: 'ApprovalCounted',
    data: { visit: 1, commandId, comment: 'good', by, requestId: 'r' },
  });

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  for (const [name, more] of [
    ['ada', { roles: ['approver'] }],
    ['bob', { roles: ['approver'] }],
    ['red', { roles: ['approver'], scope: { labels: { team: 'red' } } }],
    ['onlooker', { roles: ['viewer'] }],
  ] as const) {
    const { status, body } = await gateway.post('/v1/auth/keys', { name, ...more });
    expect(status, JSON.stringify(body)).toBe(201);
    keys.set(name, body.key);
  }
  await asking('anybody', undefined, { labels: { team: 'red' } });
  await asking('two, of whom ada has', { count: 2 }, { later: countedOf(keyOf('ada')) });
  await asking('bob alone', { approvers: ['bob'] });
  await asking('an admin', { approvers: ['role:admin'] });
  await asking('not the submitter', { excludeSubmitter: true }, { by: keyOf('ada') });
  const due = { escalateAfterSeconds: 1, escalateTo: ['ada'] };
  await asking(
    'taken to ada',
    { approvers: ['eve'], due },
    { later: (commandId) => ({ type: 'ApprovalEscalated', data: { visit: 1, commandId, to: ['ada'] } }) },
  );
  await vi.waitFor(async () => expect((await gateway.get('/v1/runs?waitingFor=approval')).body.runs).toHaveLength(6), {
    timeout: 10_000,
  });
});
afterAll(() => gateway?.stop());

const ADAS = ['anybody', 'taken to ada'];
const BOBS = ['anybody', 'bob alone', 'not the submitter', 'two, of whom ada has'];

async function listedTo(name: string, path: string, member: 'runs' | 'approvals'): Promise<readonly string[]> {
  const names = new Map([...runs].map(([what, runId]) => [runId, what]));
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const headers = { authorization: `Bearer ${keys.get(name)}` };
    const { status, body } = await gateway.bare(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers });
    expect(status, JSON.stringify(body)).toBe(200);
    found.push(...body[member].map(({ runId }: { readonly runId: string }) => names.get(runId) ?? runId));
    cursor = body.next;
  }
  return found.toSorted();
}

const LISTS = [
  ['GET /v1/runs', '/v1/runs?waitingFor=me', 'runs'],
  ['GET /v1/approvals', '/v1/approvals?waitingFor=me', 'approvals'],
] as const;

describe.each(LISTS)('%s of what waits for me', (_, path, member) => {
  test.each([
    ['ada', ADAS],
    ['bob', BOBS],
    ['red', ['anybody']],
    ['onlooker', []],
  ])('lists for %s what may be answered, and was not answered already', async (name, expected) => {
    expect(await listedTo(name, path, member)).toEqual(expected);
    expect(await listedTo(name, `${path}&limit=1`, member)).toEqual(expected);
  });
});

test('nothing waits for me any more that has its answer', async () => {
  const runId = runs.get('bob alone') ?? '';
  const decided = { visit: 1, commandId: `${runId}-1`, decision: 'approve', comment: '', requestId: 'r' } as const;
  await gateway.log.append(runId, { type: 'ApprovalDecided', data: { ...decided, by: keyOf('bob') } });
  for (const [, path, member] of LISTS)
    await vi.waitFor(async () => expect(await listedTo('bob', path, member)).not.toContain('bob alone'), {
      timeout: 5_000,
    });
});

test('what was answered waits for nobody', async () => {
  expect((await gateway.get('/v1/approvals?waitingFor=me&status=answered')).body.approvals).toEqual([]);
});
