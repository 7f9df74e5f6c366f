import { randomUUID } from 'node:crypto';
import { AnsweredApprovalList, ApprovalList, ApprovalView } from '@baton/contracts';
import { pendingRequests } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import { canonicalSha256, type RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { answered, asked, entered, frame } from '../testing/approval-events.js';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const question = { title: 'Ship it?', body: 'a\u0000b', note: 'z' };

/** A run that asks as many questions at once. */
async function asking(count = 1, what: object = question): Promise<string> {
  const runId = randomUUID();
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await gateway.log.append(
    runId,
    runStarted(),
    ...numbers.flatMap((n) => [frame(n), entered(n), asked(runId, n, what)]),
  );
  return runId;
}
const decide = (approvalId: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.post(`/v1/approvals/${approvalId}/decision`, body, headers);
const pending = async (requestId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).find((request) => request.requestId === requestId);

describe('GET /v1/approvals/{id}', () => {
  test('shows the question, tagged with what is asked', async () => {
    const runId = await asking();
    const answer = await gateway.get(`/v1/approvals/${runId}-1`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${canonicalSha256(question)}"`);
    expect(ApprovalView.parse(answer.body)).toEqual({
      approvalId: `${runId}-1`,
      runId,
      workflow: 'two-steps',
      workflowVersion: '1.0.0',
      state: 'Plan',
      title: 'Ship it?',
      since: expect.any(String),
      dueAt: '2030-01-01T00:00:00.000Z',
      status: 'open',
      sha256: canonicalSha256(question),
      arguments: question,
      settledAt: null,
      settledBy: null,
      comment: null,
      policy: null,
      submittedBy: expect.objectContaining({ id: expect.any(String) }),
      approvals: [],
      missing: { count: 1, from: null },
      blocked: null,
      remindedAt: null,
      escalatedAt: null,
    });
  });

  test.each(['approve', 'reject', 'request-changes'] as const)('shows who said %s, when and why', async (decision) => {
    const runId = await asking();
    await gateway.log.append(runId, answered(runId, { decision }));
    expect((await gateway.get(`/v1/approvals/${runId}-1`)).body).toMatchObject({
      status: decision,
      settledAt: expect.any(String),
      settledBy: { type: 'user', id: 'ada' },
      comment: 'fine',
    });
  });

  test.each<[string, (runId: string) => RunEvent]>([
    ['withdrawn', (runId) => ({ type: 'CommandCancelled', data: { visit: 1, commandId: `${runId}-1`, reason: 'r' } })],
    [
      'too late',
      (runId) => ({ type: 'TaskTimedOut', data: { visit: 1, commandId: `${runId}-1`, error: 'States.Timeout' } }),
    ],
  ])('shows one that is %s as gone', async (_, event) => {
    const runId = await asking();
    await gateway.log.append(runId, event(runId));
    expect((await gateway.get(`/v1/approvals/${runId}-1`)).body).toMatchObject({ status: 'gone', settledBy: null });
  });

  test('is not found for what was never asked', async () => {
    const runId = await asking();
    for (const id of [`${runId}-2`, `${randomUUID()}-1`, runId, 'x', '%00']) {
      expect(await gateway.get(`/v1/approvals/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'approval-not-found' },
      });
    }
  });
});

describe('GET /v1/approvals', () => {
  test('lists what is open, longest waiting first, page by page', async () => {
    const runId = await asking(12);
    await gateway.log.append(runId, answered(runId));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await gateway.get(`/v1/approvals?run=${runId}&limit=5${query}`);
      const page: ApprovalList = ApprovalList.parse(body);
      seen.push(...page.approvals.map(({ approvalId }) => approvalId));
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 11 }, (_, index) => `${runId}-${index + 2}`));
  });

  test('has those of all runs, with title and state', async () => {
    const runId = await asking();
    const { approvals } = ApprovalList.parse((await gateway.get('/v1/approvals?limit=200')).body);
    expect(new Set(approvals.map((approval) => approval.runId)).size).toBeGreaterThan(1);
    expect(approvals.at(-1)).toMatchObject({
      approvalId: `${runId}-1`,
      title: 'Ship it?',
      state: 'Plan',
      status: 'open',
    });
  });

  test('has those that were answered, newest first: by whom, when and why', async () => {
    const runId = await asking(4);
    const by = { type: 'apikey', id: 'bob' } as const;
    const nth = (n: number) => ({ visit: n, commandId: `${runId}-${n}` });
    await gateway.log.append(
      runId,
      answered(runId),
      answered(runId, { ...nth(2), decision: 'reject', comment: 'no\u0000', by, move: 'finish' }),
      answered(runId, {
        ...nth(3),
        by,
        approvals: [
          { by: { type: 'user', id: 'ada' }, comment: '' },
          { by, comment: '' },
        ],
      }),
    );
    const pageAt = async (query: string) =>
      AnsweredApprovalList.parse((await gateway.get(`/v1/approvals?status=answered&run=${runId}&${query}`)).body);
    await vi.waitFor(async () => expect((await pageAt('')).approvals).toHaveLength(3), { timeout: 10_000 });
    const first = await pageAt('limit=2');
    const rest = await pageAt(`limit=2&cursor=${first.next}`);
    expect([first.next, rest.next]).toEqual([expect.any(String), null]);
    const [third, second, only] = [...first.approvals, ...rest.approvals];
    expect(third).toMatchObject({ approvalId: `${runId}-3`, settledBy: by, approvedBy: [{ id: 'ada' }, by] });
    expect(second).toEqual({
      ...{ approvalId: `${runId}-2`, runId, workflow: 'two-steps', workflowVersion: '1.0.0', state: 'Plan' },
      ...{ title: 'Ship it?', since: expect.any(String), dueAt: '2030-01-01T00:00:00.000Z' },
      ...{ sha256: canonicalSha256(question), status: 'reject', settledAt: expect.any(String), settledBy: by },
      ...{ comment: 'no\u0000', move: 'finish', approvedBy: [] },
    });
    expect(only).toMatchObject({ approvalId: `${runId}-1`, status: 'approve', comment: 'fine', move: null });
    expect((await gateway.get('/v1/approvals?status=anwsered')).body).toMatchObject({ code: 'invalid-parameter' });
  });

  test('of a run that does not exist, or with a wrong cursor, is refused', async () => {
    expect((await gateway.get(`/v1/approvals?run=${randomUUID()}`)).status).toBe(404);
    expect(await gateway.get('/v1/approvals?cursor=x')).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameter' },
    });
  });
});

describe('POST /v1/approvals/{id}/decision', () => {
  test('stores the answer for the hub, bound to what was seen', async () => {
    const runId = await asking();
    const etag = (await gateway.get(`/v1/approvals/${runId}-1`)).headers.get('etag') ?? '';
    const answer = await decide(
      `${runId}-1`,
      { decision: 'approve', comment: 'go' },
      { 'if-match': `"other", ${etag}` },
    );
    expect(answer).toMatchObject({ status: 202, body: { runId } });
    expect(answer.headers.get('location')).toBe(`/v1/approvals/${runId}-1`);
    const { requestId } = answer.body;
    expect(await pending(requestId)).toEqual({
      acceptedAt: expect.any(String),
      isVouched: true,
      requestId,
      name: 'decide-approval',
      message: {
        requestId,
        runId,
        approvalId: `${runId}-1`,
        decision: 'approve',
        comment: 'go',
        sha256: canonicalSha256(question),
        roles: ['admin'],
        actor: { type: 'apikey', id: 'local-admin' },
      },
    });
  });

  test('needs no If-Match, and is bound to nothing then', async () => {
    const runId = await asking();
    const { requestId } = (await decide(`${runId}-1`, { decision: 'approve' })).body;
    expect((await pending(requestId))?.message).not.toHaveProperty('sha256');
  });

  test.each([`"${'a'.repeat(64)}"`, `W/"${canonicalSha256(question)}"`, 'x'])(
    'about something else (%s) is refused with 412',
    async (ifMatch) => {
      const runId = await asking();
      expect(await decide(`${runId}-1`, { decision: 'approve' }, { 'if-match': ifMatch })).toMatchObject({
        status: 412,
        body: { code: 'approval-changed' },
      });
    },
  );

  test('cannot ask for changes where a way is to be chosen', async () => {
    const runId = await asking(1, { title: 'Which way?', about: 'decision', moves: [{ id: 'go:Plan' }] });
    const answer = await decide(`${runId}-1`, { decision: 'request-changes', comment: 'another way' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'no-such-answer', errors: [{ pointer: '/decision' }] } });
  });

  test('may choose one of the moves that the question offers, and no other', async () => {
    const runId = await asking(1, { title: 'Which way?', moves: [{ id: 'go:Plan' }, { id: 'fail' }] });
    const { requestId } = (await decide(`${runId}-1`, { decision: 'approve', move: 'fail' })).body;
    expect((await pending(requestId))?.message).toMatchObject({ move: 'fail' });
    const other = await decide(`${runId}-1`, { decision: 'approve', move: 'fly' });
    expect(other).toMatchObject({ status: 422, body: { code: 'no-such-move', errors: [{ pointer: '/move' }] } });
    expect(other.body.next).toContain('go:Plan, fail');
    expect((await decide(`${await asking()}-1`, { decision: 'approve', move: 'fail' })).status).toBe(422);
  });

  test('after another is refused, with how the question stands', async () => {
    const runId = await asking();
    await gateway.log.append(runId, answered(runId, { decision: 'reject' }));
    const answer = await decide(`${runId}-1`, { decision: 'approve' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'approval-answered' } });
    expect(answer.body.detail).toContain('was rejected by user ada');
  });

  test('to a question that is gone is refused', async () => {
    const runId = await asking();
    await gateway.log.append(runId, {
      type: 'CommandCancelled',
      data: { visit: 1, commandId: `${runId}-1`, reason: 'the run was cancelled' },
    });
    const answer = await decide(`${runId}-1`, { decision: 'approve' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'approval-gone' } });
    expect(answer.body.detail).toContain('the run was cancelled');
  });

  test.each([
    [{ decision: 'reject' }, '/comment'],
    [{ decision: 'request-changes', comment: ' ' }, '/comment'],
    [{ decision: 'maybe' }, '/decision'],
    [{ decision: 'approve', sha256: 'x' }, '/sha256'],
  ])('%j is refused at its place', async (body, pointer) => {
    const runId = await asking();
    expect(await decide(`${runId}-1`, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  test('again with the same key gets the same answer, also once it had its effect', async () => {
    const runId = await asking();
    const key = randomUUID();
    const first = await decide(`${runId}-1`, { decision: 'approve' }, { 'idempotency-key': key });
    await gateway.log.answer(runId, key, answered(runId));
    expect(await decide(`${runId}-1`, { decision: 'approve' }, { 'idempotency-key': key })).toMatchObject({
      status: 202,
      body: first.body,
    });
    expect(
      (await decide(`${runId}-1`, { decision: 'reject', comment: 'no' }, { 'idempotency-key': key })).body.code,
    ).toBe('idempotency-conflict');
  });
});
