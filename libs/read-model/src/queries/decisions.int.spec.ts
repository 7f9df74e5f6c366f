import { randomUUID } from 'node:crypto';
import { commandIdOf, type Json } from '@baton/contracts';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import {
  decide,
  evolve,
  initialState,
  parseWorkflowDocument,
  type RunState,
  type WorkflowDocument,
} from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readModelMigrations } from '../migrations.js';
import { projectPage, rebuild } from '../projection/project-page.js';
import { openTestLog, type TestLog } from '../testing/test-log.js';
import { backtestDecisions, UnknownDimension } from './backtest-decisions.js';
import { judgeDecisions } from './judge-decisions.js';
import { listDecisions } from './list-decisions.js';

const document = (name: string, mode: string): WorkflowDocument => {
  const parsed = parseWorkflowDocument({
    name,
    version: '1.0.0',
    title: 'Check until it is good',
    phases: [{ name: 'code', states: ['Check', 'Good', 'Done'] }],
    decisions: {
      mode,
      at: [
        {
          state: 'Good',
          phase: 'code',
          scores: '{% { "alignment": $review.score } %}',
          thresholds: '{% $thresholds %}',
          failingTools: '{% $review.failing %}',
          judges: '{% { "judge": "level1", "template": "step5a", "model": "m1", "passes": $review.score >= 9 } %}',
        },
      ],
    },
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      States: {
        Begin: { Type: 'Pass', Assign: { thresholds: { alignment: 9 } }, Next: 'Check' },
        Check: {
          Type: 'Task',
          Resource: 'baton:worker:validator',
          Assign: { review: '{% $states.result %}' },
          Next: 'Good',
        },
        Good: {
          Type: 'Choice',
          Choices: [
            {
              Condition: '{% $count($review.failing) = 0 and $review.score >= $thresholds.alignment %}',
              Next: 'Done',
            },
          ],
          Default: 'Check',
        },
        Done: { Type: 'Succeed' },
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
};

let database: TestDatabase;
let pool: Pool;
let log: TestLog;

/** A run as the hub would write it: each output settles the command of that ordinal. */
async function play(workflow: WorkflowDocument, ...results: readonly (readonly [ordinal: number, Json])[]) {
  const runId = randomUUID();
  const meta = { nowMs: Date.now(), actor: { type: 'user', id: 'ada' } } as const;
  const submission = { requestId: `request-${runId}`, workflow: workflow.name, input: {}, runId };
  let events = await decide(
    initialState,
    { type: 'StartRun', submission, document: workflow, sha256: 'a'.repeat(64) },
    meta,
  );
  let state: RunState = initialState;
  for (const [ordinal, output] of [...results, null].map((result) => result ?? ([0, null] as const))) {
    await log.append(runId, ...events);
    state = events.reduce(evolve, state);
    if (ordinal === 0) break;
    events = await decide(state, { type: 'CompleteTask', commandId: commandIdOf(runId, ordinal), output }, meta);
  }
  return runId;
}

const review = (score: number, ...failing: readonly string[]): Json => ({ score, failing });
const advice = (move: string): Json => ({ move, rationale: 'as I see it \u0000', confidence: 0.6 });

let plain: string;
let asked: string;
let shadowed: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, readModelMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 4, applicationName: 'decisions-test' });
  log = await openTestLog(database.url);
  plain = await play(document('plain', 'programmatic'), [1, review(7)], [2, review(9.5, 'tests')], [3, review(9.5)]);
  asked = await play(document('asked', 'llm'), [1, review(7)], [2, advice('go:Done')]);
  shadowed = await play(document('shadowed', 'shadow'), [1, review(7)], [2, advice('go:Done')]);
  for (;;) {
    const page = await projectPage(pool, 7);
    if (page.status === 'folded' && page.events === 0) break;
  }
});
afterAll(async () => {
  await log?.close();
  await pool?.end();
  await database?.drop();
});

describe('the list', () => {
  test('has a row for each decision, newest first, with what an advisor said', async () => {
    const { decisions, next } = await listDecisions(pool, {}, 50);
    expect(next).toBeNull();
    expect(decisions.map(({ runId, target, source }) => [runId, target, source])).toEqual([
      [shadowed, 'Check', 'programmatic'],
      [asked, 'Done', 'llm_override'],
      [plain, 'Done', 'programmatic'],
      [plain, 'Check', 'programmatic'],
      [plain, 'Check', 'programmatic'],
    ]);
    expect(decisions[0]).toMatchObject({
      shadow: { move: 'go:Done', confidence: 0.6, problem: null, costUsd: null },
      latencyMs: 0,
    });
    expect(decisions[1]).toMatchObject({
      workflow: 'asked',
      rationale: 'as I see it \u0000',
      programmaticAlternative: 'go:Check',
      conflictReason: expect.stringContaining('go:Check'),
      shadow: null,
    });
    expect(decisions[1]?.latencyMs).toBeGreaterThanOrEqual(0);
  });

  test('is given in pages without a decision missing or twice', async () => {
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await listDecisions(pool, {}, 2, cursor);
      seen.push(...page.decisions.map(({ decisionId }) => decisionId));
      cursor = page.next;
    }
    expect(seen).toEqual((await listDecisions(pool, {}, 50)).decisions.map(({ decisionId }) => decisionId));
    await expect(listDecisions(pool, {}, 2, 'nonsense')).rejects.toMatchObject({ code: 'invalid-cursor' });
  });

  test.each<[object, number]>([
    [{ workflow: 'plain' }, 3],
    [{ source: 'llm_override' }, 1],
    [{ classification: 'complex' }, 1],
    [{ actionType: 'complete' }, 2],
    [{ pointKind: 'choice' }, 5],
    [{ pointKind: 'task-failed' }, 0],
    [{ since: '2999-01-01T00:00:00Z' }, 0],
    [{ since: '2000-01-01T00:00:00Z', workflow: 'asked' }, 1],
  ])('is filtered by %j', async (filter, count) => {
    expect((await listDecisions(pool, filter, 50)).decisions).toHaveLength(count);
  });

  test('of one run has no other', async () => {
    expect((await listDecisions(pool, { runId: asked }, 50)).decisions).toHaveLength(1);
  });

  test('is the same after everything was folded again', async () => {
    const before = await listDecisions(pool, {}, 50);
    await rebuild(pool);
    expect(await listDecisions(pool, {}, 50)).toEqual(before);
  });
});

test('judges are held to the tools', async () => {
  // Of plain: fails what passes, passes what fails, passes what passes; of each other run: fails what passes.
  expect(await judgeDecisions(pool, { workflow: 'plain' })).toEqual([
    expect.objectContaining({ template: 'step5a', model: 'm1', n: 3, falsePasses: 1, falseAlarms: 1, kappa: -0.5 }),
  ]);
  expect(await judgeDecisions(pool, {})).toMatchObject([{ n: 5, falsePasses: 1, falseAlarms: 3 }]);
  expect(await judgeDecisions(pool, { workflow: 'nobody' })).toEqual([]);
});

describe('a backtest', () => {
  const nowMs = () => performance.now();

  test('without a change finds every decision the same', async () => {
    const page = await backtestDecisions(pool, {}, {}, nowMs);
    expect(page).toMatchObject({ runs: 3, decisions: 5, counts: { same: 5 }, differing: [], next: null });
  });

  test('lists the decisions that would differ, and only of the runs in scope', async () => {
    const page = await backtestDecisions(pool, { thresholds: { alignment: 7 } }, { workflow: 'plain' }, nowMs);
    expect(page).toMatchObject({
      runs: 1,
      counts: { 'other-move': 1, 'same-move': 0, same: 2 },
      differing: [{ runId: plain, before: { target: 'Check' }, after: { target: 'Done' } }],
    });
    const { counts } = await backtestDecisions(pool, { mode: 'llm' }, { workflow: 'shadowed' }, nowMs);
    expect(counts).toMatchObject({ 'other-move': 1, 'would-ask': 0 });
  });

  test('is cut into pages by time, which together are the whole', async () => {
    let clockMs = 0;
    const slow = () => {
      clockMs += 6_000;
      return clockMs;
    };
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page = await backtestDecisions(pool, {}, {}, slow, after);
      seen.push(page.decisions);
      after = page.next;
    } while (after !== null);
    expect(seen.toSorted()).toEqual([1, 1, 3]);
  });

  test('of a dimension that nothing was decided by is refused, with those there are', async () => {
    const test = backtestDecisions(pool, { thresholds: { beauty: 7 } }, {}, nowMs);
    await expect(test).rejects.toThrow(UnknownDimension);
    await expect(test).rejects.toThrow('there are alignment');
  });

  test('looks at nothing decided before its time', async () => {
    expect(await backtestDecisions(pool, {}, { since: '2999-01-01T00:00:00Z' }, nowMs)).toMatchObject({ decisions: 0 });
  });
});
