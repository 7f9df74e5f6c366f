import type { ApprovalView, Json, JsonObject } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { events, RUN_ID } from '../testing/events.js';
import { json } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
  bench.serveRun();
});
afterEach(() => bench.stop());

const asking = (question: Json, change: Partial<ApprovalView> = {}): ApprovalView => ({
  approvalId: `${RUN_ID}-9`,
  runId: RUN_ID,
  workflow: 'seven-step',
  workflowVersion: '1.0.0',
  state: 'ApproveCode',
  title: 'Approve the code',
  since: '2026-01-01T00:00:01.000Z',
  dueAt: null,
  status: 'open',
  sha256: 'ab'.repeat(32),
  arguments: question,
  settledAt: null,
  settledBy: null,
  comment: null,
  policy: null,
  submittedBy: { type: 'user', id: 'ada' },
  approvals: [],
  missing: { count: 1, from: null },
  remindedAt: null,
  escalatedAt: null,
  blocked: null,
  ...change,
});

const file = (path: string, content: string) => ({ path, content });
const codeOf = (...files: readonly JsonObject[]) => ({ about: 'code', code: { files } });

/** A run that was given files, and has asked about some before. */
function serve(approval: ApprovalView, given: readonly JsonObject[], askedBefore: readonly JsonObject[]): void {
  const asked = (n: number, question: Json) =>
    [
      'TaskScheduled',
      { visit: n, commandId: `${RUN_ID}-${n}`, resource: 'baton:approval', arguments: question, attempt: 1 },
    ] as const;
  const list = events(
    [
      'RunStarted',
      {
        workflow: { name: 'two-steps', version: '1.0.0' },
        document: {},
        input: given.length === 0 ? {} : { files: given },
      },
    ],
    ...askedBefore.map((question, index) => asked(index + 2, question)),
    asked(9, approval.arguments),
    asked(10, codeOf(file('later.ts', 'x'))),
  );
  bench.routes.set(`GET /v1/approvals/${RUN_ID}-9`, (_, response) => json(response, 200, approval));
  bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => json(response, 200, { events: list, next: null }));
}
const show = async (...args: readonly string[]) => bench.baton(['approval', 'show', '3f2a-9', ...args]);

describe('the page of an approval', () => {
  const now = codeOf(file('a.ts', 'one\ntwo\nthree\n'), file('b.ts', 'b\n'), file('same.ts', 's'));

  test('shows files against those that the run was given', async () => {
    serve(asking(now), [file('a.ts', 'one\n2\nthree\n'), file('same.ts', 's'), file('gone.ts', 'g\n')], []);
    const { stdout } = await show();
    expect(stdout).toContain('Files (3), compared to the files that the run was given');
    expect(stdout).toMatch(/^ {2}a\.ts +changed, \+1 −1\n {4}@@ .*\n {5}one\n {4}-2\n {4}\+two\n/m);
    expect(stdout).toMatch(/^ {2}b\.ts +new, \+1 −0$/m);
    expect(stdout).toMatch(/^ {2}gone\.ts +deleted, \+0 −1$/m);
    expect(stdout).toContain('1 file is as before.');
  });

  test('shows files against those that a person has seen the last time', async () => {
    serve(asking(now), [file('a.ts', 'first\n')], [codeOf(file('a.ts', 'one\n')), { about: 'plan', plan: {} }]);
    const { stdout } = await show();
    expect(stdout).toContain('compared to what was shown the last time');
    expect(stdout).toMatch(/^ {2}a\.ts +changed, \+2 −0$/m);
    expect(stdout).not.toContain('later.ts');
  });

  test('shows what was found by whom, how it came to it, and the moves there are', async () => {
    const question = {
      question: 'The rounds are used up. What now?',
      toolReport: {
        passed: false,
        tools: [
          {
            tool: 'types',
            status: 'failed',
            durationMs: 1,
            findings: [{ file: 'a.ts', line: 3, message: 'no such name' }],
            reason: null,
          },
        ],
      },
      reviews: [
        {
          verdict: 'fail',
          scores: { alignment: 7 },
          issues: [{ severity: 'major', place: 'a.ts', problem: 'is wrong', fix: 'mend it' }],
          summary: 'Bad.',
          judgedBy: { model: 'claude-opus-5-5' },
        },
      ],
      panel: {
        rounds: [{ round: 1, scores: { alignment: 6 } }],
        failures: [{ state: 'Implement', error: 'E', cause: 'c' }],
        spent: { usd: 0.5, tokens: 10 },
      },
      moves: [{ id: 'go:RefineCode', text: 'One more round.' }],
      comments: ['shorter', { by: { type: 'user', id: 'ada' }, comment: 'and clearer' }],
      unknown: { deep: [1] },
    };
    serve(asking(question), [], []);
    const { stdout } = await show();
    for (const line of [
      'The rounds are used up. What now?',
      '  tools: types failed (1 finding)',
      '    types: a.ts:3 no such name',
      '  claude-opus-5-5: fail; alignment 7',
      '    [major] a.ts: is wrong Fix: mend it',
      '  1      alignment 6',
      '  Implement failed: E: c',
      '  spent 0.5 USD, 10 tokens',
      '  go:RefineCode  One more round.',
      '  “shorter”',
      '  user:ada: “and clearer”',
      '      - 1',
      '  `baton approval approve 3f2a91c0-9 --move MOVE`',
    ]) {
      expect(stdout).toContain(line);
    }
  });

  test('says who has approved and who is missing', async () => {
    const by = { type: 'apikey', id: 'ada' } as const;
    const approvals = [{ by, comment: 'fine', at: '2026-01-01T00:00:05.000Z' }];
    serve(asking(now, { approvals, policy: { count: 2 }, missing: { count: 1, from: ['bob'] } }), [], []);
    const { stdout } = await show();
    expect(stdout).toContain('approved  apikey:ada, 2026-01-01 00:00:05Z: fine');
    expect(stdout).toContain('missing   1 of bob');
  });

  test.each<[Json]>([
    [null],
    ['text'],
    [[1, 2]],
    [{ files: 'none', reviews: 5, panel: [], moves: {}, toolReport: 'x' }],
  ])('shows a question of another shape as it is: %j', async (question) => {
    serve(asking(question), [], []);
    const { stdout, exitCode } = await show();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Approve the code');
  });
});

describe('a file of an approval', () => {
  beforeEach(() => serve(asking(codeOf(file('src/a.ts', 'const a = 1;\n'))), [], []));

  test('is printed as it is', async () => {
    expect((await show('--file', 'src/a.ts')).stdout).toBe('const a = 1;\n');
  });

  test('that is misspelt is named rightly', async () => {
    const { exitCode, stderr } = await show('--file', 'src/b.ts');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Did you mean "src/a.ts"?');
  });
});
