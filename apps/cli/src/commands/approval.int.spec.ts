import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
  bench.serveRun();
});
afterEach(() => bench.stop());

const SHA = 'ab'.repeat(32);
const approval = (n: number, change: Partial<ApprovalView> = {}): ApprovalView => ({
  approvalId: `${RUN_ID}-${n}`,
  runId: RUN_ID,
  workflow: 'release',
  workflowVersion: '1.0.0',
  state: 'Ask',
  title: 'Ship it?',
  since: '2026-01-01T00:00:01.000Z',
  dueAt: null,
  status: 'open',
  sha256: SHA,
  arguments: { title: 'Ship it?', notes: 'a\u001b[31m' },
  settledAt: null,
  settledBy: null,
  comment: null,
  policy: null,
  submittedBy: { type: 'user', id: 'ada' },
  approvals: [],
  missing: { count: 1, from: null },
  blocked: null,
  remindedAt: null,
  escalatedAt: null,
  ...change,
});
function serve(...all: readonly ApprovalView[]): void {
  const open = all.filter(({ status }) => status === 'open');
  bench.routes.set('GET /v1/approvals', ({ path }, response) => {
    const query = new URLSearchParams(path.split('?')[1]);
    const run = query.get('run');
    if (run !== null && !RUN_ID.startsWith(run)) return problem(response, 404, 'run-not-found', 'There is no run.');
    if (run !== null) return json(response, 200, { approvals: open, next: null });
    // One a page, whatever was asked for.
    const at = Number(query.get('cursor') ?? 0);
    const next = at + 1 < open.length ? String(at + 1) : null;
    json(response, 200, { approvals: open.slice(at, at + 1), next });
  });
  bench.routes.set('GET /v1/runs/3f2a91c0', (_, response) => json(response, 200, runView()));
  for (const each of all) {
    bench.routes.set(`GET /v1/approvals/${each.approvalId}`, (_, response) => json(response, 200, each));
    bench.routes.set(`POST /v1/approvals/${each.approvalId}/decision`, (_, response) =>
      json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
    );
  }
}

test('approval list shows what is open, with an id that is enough', async () => {
  serve(approval(4), approval(5), approval(6, { status: 'approve' }));
  const { stdout } = await bench.baton(['approval', 'list']);
  expect(stdout).toMatch(/^APPROVAL +WORKFLOW/);
  expect(stdout).toMatch(/^3f2a91c0-4 +release@1\.0\.0 +Ask .* Ship it\?$/m);
  expect(stdout.trim().split('\n')).toHaveLength(3);
  serve();
  expect(await bench.baton(['approval', 'list'])).toMatchObject({ stdout: '', exitCode: 0 });
});

test('approval show prints what is to be approved, without what would steer a terminal', async () => {
  serve(approval(4));
  const { stdout } = await bench.baton(['approval', 'show', '3f2a91c0-4']);
  expect(stdout).toMatch(/^status +open$/m);
  expect(stdout).toMatch(new RegExp(`^sha256 +${SHA}$`, 'm'));
  expect(stdout).toMatch(/^Ship it\?$/m);
  expect(stdout).toContain('notes: "a\\e[31m"');
  expect(stdout).not.toContain('\u001b');
});

test('approval show of one that was answered says by whom', async () => {
  const settled = {
    settledAt: '2026-01-01T00:00:09.000Z',
    settledBy: { type: 'user', id: 'ada' },
    comment: 'no',
  } as const;
  serve(approval(4, { status: 'reject', ...settled }));
  const { stdout } = await bench.baton(['approval', 'show', '3f2a-4']);
  expect(stdout).toMatch(/^status +rejected$/m);
  expect(stdout).toMatch(/^ {2}rejected +2026-01-01 00:00:09Z by user:ada$/m);
  expect(stdout).not.toContain('Answer with');
});

test.each<[string, readonly string[], object]>([
  ['approve', [], { decision: 'approve' }],
  ['approve', ['--comment', 'go'], { decision: 'approve', comment: 'go' }],
  ['approve', ['--move', 'fail'], { decision: 'approve', move: 'fail' }],
  ['reject', ['--reason', 'too early'], { decision: 'reject', comment: 'too early' }],
  ['request-changes', ['--comment', 'shorter'], { decision: 'request-changes', comment: 'shorter' }],
])('approval %s %j answers, bound to what was shown', async (command, args, body) => {
  serve(approval(4));
  const { exitCode, stdout, stderr } = await bench.baton(['approval', command, `${RUN_ID}-4`, ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}-4\n` });
  expect(stderr).toContain(`baton run watch ${RUN_ID}`);
  expect(bench.lastBody()).toEqual(body);
  expect(bench.server.requests.at(-1)?.headers['if-match']).toBe(`"${SHA}"`);
});

describe('the question of a task', () => {
  const question = approval(4, {
    title: 'Initial plan asks: Which delimiter?',
    arguments: {
      title: 'Initial plan asks: Which delimiter?',
      about: 'question',
      askedBy: 'planner',
      question: 'Which delimiter?',
      choices: ['comma', 'tab'],
    },
  });

  test('is shown with its likely answers, and with how to answer', async () => {
    serve(question);
    const { stdout } = await bench.baton(['approval', 'show', '3f2a91c0-4']);
    expect(stdout).toMatch(/^ {2}Which delimiter\?$/m);
    expect(stdout).toMatch(/^ {2}2 +tab$/m);
    expect(stdout).toContain('baton approval answer 3f2a91c0-4 --text TEXT');
    expect(stdout).not.toContain('approval approve');
  });

  test.each<[readonly string[], string]>([
    [['--text', 'a pipe'], 'a pipe'],
    [['--choice', '2'], 'tab'],
  ])('is answered with %j, bound to what was shown', async (args, comment) => {
    serve(question);
    const { exitCode } = await bench.baton(['approval', 'answer', '3f2a91c0-4', ...args]);
    expect(exitCode).toBe(0);
    expect(bench.lastBody()).toEqual({ decision: 'answer', comment });
    expect(bench.server.requests.at(-1)?.headers['if-match']).toBe(`"${SHA}"`);
  });

  test.each<[readonly string[], string]>([
    [[], 'Give one of them'],
    [['--text', 'x', '--choice', '1'], 'Give one of them'],
    [['--choice', '3'], 'It has 1 to 2'],
    [['--choice', 'tab'], 'It has 1 to 2'],
  ])('is not answered with %j', async (args, told) => {
    serve(question);
    const { exitCode, stderr } = await bench.baton(['approval', 'answer', '3f2a91c0-4', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(told);
  });
});

describe('an approval is named', () => {
  test.each([RUN_ID, '3f2a', '3F2A91C0', '3f2a91c0-4', '3f2a-4', '3f2a91c0-0000-4', `${RUN_ID}-4`])(
    'by %s where its run asks one thing',
    async (word) => {
      serve(approval(4));
      expect((await bench.baton(['approval', 'approve', word])).stdout).toBe(`${RUN_ID}-4\n`);
    },
  );

  test('by more than the run where that asks several things', async () => {
    serve(approval(4), approval(14));
    const { exitCode, stderr } = await bench.baton(['approval', 'approve', '3f2a']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('3f2a91c0-4, 3f2a91c0-14');
    expect((await bench.baton(['approval', 'approve', '3f2a-4'])).stdout).toBe(`${RUN_ID}-4\n`);
  });

  test('by nothing that is not there', async () => {
    serve();
    expect(await bench.baton(['approval', 'approve', '3f2a'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('waits for no approval'),
    });
    expect((await bench.baton(['approval', 'show', 'dead'])).exitCode).toBe(3);
    expect((await bench.baton(['approval', 'show', '3f2a-9'])).exitCode).toBe(3);
  });
});

test.each([
  ['reject', '3f2a'],
  ['request-changes', '3f2a'],
])('approval %s without a word of why is a usage error', async (...args) => {
  const before = bench.server.requests.length;
  expect((await bench.baton(['approval', ...args])).exitCode).toBe(2);
  expect(bench.server.requests.length).toBe(before);
});

test('an answer that comes too late says how the question stands', async () => {
  serve(approval(4));
  bench.routes.set(`POST /v1/approvals/${RUN_ID}-4/decision`, (_, response) =>
    problem(response, 409, 'approval-answered', 'Approval x was rejected by user ada.'),
  );
  const { exitCode, stderr } = await bench.baton(['approval', 'approve', '3f2a']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('was rejected by user ada');
  expect(stderr).toContain('baton approval show');
});

test('approval list --answered shows who answered what, when and why, and what to look at next', async () => {
  const bob = { type: 'apikey', id: 'bob' };
  const { policy: _, submittedBy: __, arguments: ___, ...summary } = approval(4);
  const settled = { settledAt: '2026-01-01T00:00:02.000Z', settledBy: bob, move: null, approvedBy: [] };
  const answers = [
    { ...summary, ...settled, status: 'reject', comment: 'Too expensive.' },
    { ...summary, ...settled, status: 'approve', comment: '', approvedBy: [{ type: 'user', id: 'ada' }, bob] },
  ];
  bench.routes.set('GET /v1/approvals', ({ path }, response) => {
    const isNext = new URLSearchParams(path.split('?')[1]).has('cursor');
    json(response, 200, { approvals: answers.slice(isNext ? 1 : 0, isNext ? 2 : 1), next: isNext ? null : '9' });
  });
  const { stdout, stderr } = await bench.baton(['approval', 'list', '--answered', '--run', '3f2a']);
  expect(stdout).toMatch(/^3f2a91c0-4 {2}rejected {2}bob .* release@1\.0\.0 {2}Ask +Too expensive\.$/m);
  expect(stdout).toMatch(/ approved {2}ada, bob /);
  expect(stderr).toContain('baton approval show 3f2a91c0-4');
  expect(bench.server.requests.at(-1)?.path).toBe('/v1/approvals?limit=49&cursor=9&status=answered&run=3f2a');
  await bench.baton(['approval', 'list', '--run', '3f2a']);
  expect(bench.server.requests.at(-1)?.path).toContain('run=3f2a');
});

test('an empty folder is not handed in: it would take all files away', async () => {
  mkdirSync(join(bench.dir, 'empty'));
  const { exitCode, stderr } = await bench.baton(['approval', 'answer', '3f2a-1', '--workspace', 'empty']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error: empty holds no files, and the work that is handed in would have none.\nnext:');
  expect(bench.server.requests).toEqual([]);
});
