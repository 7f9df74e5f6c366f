import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BacktestReport,
  DecisionList,
  type DecisionMode,
  JudgeList,
  RunResult,
  runIdOfRequest,
} from '@baton/contracts';
import {
  BASE_ENV,
  ended,
  eventsOf,
  getRun,
  ROOT,
  Stack,
  sevenSteps,
  submit,
  until,
  violations,
} from '@baton/test-stack';
import { type CreatedWorker, createWorker } from '@baton/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as commands from './testing/commands.js';

const decisionsOf = async (stack: Stack, runId: string): Promise<DecisionList['decisions']> => {
  const events = await eventsOf(stack, runId);
  const made = events.filter(({ type }) => type === 'DecisionMade').length;
  let found: DecisionList['decisions'] = [];
  await until(async () => {
    found = DecisionList.parse(await stack.api(`/v1/decisions?run=${runId}&limit=200`)).decisions;
    return found.length === made;
  }, 'the decisions to be listed');
  return found.toReversed();
};
const count = async (stack: Stack, runId: string, wanted: string): Promise<number> =>
  (await eventsOf(stack, runId)).filter(({ type }) => type === wanted).length;

const printed = async (stack: Stack, ...args: readonly string[]) =>
  commands.printed(args, { env: { ...BASE_ENV, ...(await stack.joinEnv()) } });

/** A run that asks a person takes what is proposed. */
async function endedWithPeople(stack: Stack, runId: string): Promise<void> {
  await until(
    async () => {
      const view = await getRun(stack, runId);
      if (view === null || view.endedAt !== null) return view !== null;
      for (const wait of view.waitingFor) {
        if (wait.kind !== 'approval') continue;
        const path = `/v1/approvals/${wait.approvalId}`;
        const { sha256 } = z.object({ sha256: z.string() }).parse(await stack.api(path));
        // The answer may have been taken a moment ago, and the view not yet have seen it.
        await stack
          .api(`${path}/decision`, {
            method: 'POST',
            body: JSON.stringify({ decision: 'approve', comment: 'as proposed' }),
            headers: { 'if-match': `"${sha256}"` },
          })
          .catch(() => null);
      }
      return false;
    },
    `run ${runId} to end`,
    120_000,
  );
}

describe('the seven steps with the advisor service', () => {
  let stack: Stack;
  const runs = new Map<DecisionMode, string>();
  beforeAll(async () => {
    stack = await Stack.start({ args: ['--only', 'gateway,orchestrator,planner,validator,programmer,advisor'] });
    for (const mode of ['programmatic', 'llm', 'hybrid', 'shadow'] as const) {
      const { workflow, input } = sevenSteps();
      // Of two rounds the second is the last, which is no ordinary point.
      const bounded = mode === 'hybrid' ? { ...input, maxRounds: 2 } : input;
      runs.set(mode, await submit(stack, { workflow, input: bounded, decisions: { mode } }));
    }
    for (const runId of runs.values()) await endedWithPeople(stack, runId);
    // Advice in shadow about the end of a run comes after it.
    const shadow = runs.get('shadow') ?? '';
    const isAnswered = async () =>
      (await count(stack, shadow, 'AdviceRequested')) === (await count(stack, shadow, 'AdviceGiven'));
    await until(isAnswered, 'all advice in shadow to be given');
  });
  afterAll(() => stack?.stop());

  const of = async (mode: DecisionMode) => {
    const runId = runs.get(mode) ?? '';
    expect(violations(await eventsOf(stack, runId))).toEqual([]);
    return { runId, view: await ended(stack, runId), decisions: await decisionsOf(stack, runId) };
  };

  test('programmatic: the rules decide, and nobody is asked', async () => {
    const { runId, view, decisions } = await of('programmatic');
    expect(view.status, view.cause ?? '').toBe('succeeded');
    expect(new Set(decisions.map(({ source }) => source))).toEqual(new Set(['programmatic']));
    expect(await count(stack, runId, 'AdviceRequested')).toBe(0);
  });

  test('llm: the advisor is asked at every point, and each question has its answer on record', async () => {
    const { runId, view, decisions } = await of('llm');
    expect(view.status, view.cause ?? '').toBe('succeeded');
    const advised = decisions.filter(({ source }) => source !== 'human');
    expect(await count(stack, runId, 'AdviceRequested')).toBe(advised.length);
    expect(await count(stack, runId, 'AdviceGiven')).toBe(advised.length);
    for (const { source, confidence, latencyMs } of advised) {
      expect(['programmatic', 'llm_override']).toContain(source);
      expect(confidence).toBeGreaterThan(0);
      expect(latencyMs).toBeGreaterThan(0);
    }
  });

  test('hybrid: the advisor is asked exactly where the point is not standard', async () => {
    const { runId, view, decisions } = await of('hybrid');
    expect(view.status, view.cause ?? '').toBe('succeeded');
    const asked = decisions.filter(({ classification, source }) => classification !== 'standard' && source !== 'human');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(decisions.length);
    expect(await count(stack, runId, 'AdviceRequested')).toBe(asked.length);
    for (const { confidence } of asked) expect(confidence).not.toBeNull();
  });

  test('shadow: the rules decide as without an advisor, and what it would have said is on record', async () => {
    const { runId, view, decisions } = await of('shadow');
    expect(view.status, view.cause ?? '').toBe('succeeded');
    // What came after the end hides neither the result nor the end, and the log is as whole as ever.
    expect(await stack.api(`/v1/runs/${runId}/result`)).toMatchObject({
      status: 'succeeded',
      output: expect.anything(),
    });
    expect((await eventsOf(stack, runId)).at(-1)?.type).toBe('AdviceGiven');
    expect(await printed(stack, 'run', 'watch', runId)).toContain('succeeded');
    expect(await printed(stack, 'audit', 'verify')).toMatch(/verified/i);
    // Whatever these runs did is what their logs lead to, and nothing was decided by another engine.
    expect(await printed(stack, 'replay', '--all', '--verify')).toMatch(/verified +yes/);
    const rules = await of('programmatic');
    const steps = ({ decisions: made }: typeof rules) =>
      made.map(({ point, target, source }) => [point, target, source]);
    expect(decisions.map(({ point, target, source }) => [point, target, source])).toEqual(steps(rules));
    expect(decisions.some(({ shadow }) => typeof shadow?.move === 'string')).toBe(true);
    expect(decisions.every(({ shadow }) => shadow !== null)).toBe(true);
  });

  test('the reader that passes what the tests fail is told from the one that agrees with them', async () => {
    await of('shadow');
    const judges = JudgeList.shape.judges.parse(JSON.parse(await printed(stack, 'decisions', 'judges', '-o', 'json')));
    const judgeOf = (step: string) => judges.find(({ template }) => template?.startsWith(step));
    // Each run has a first round whose tests fail, and a last one that passes.
    expect(judgeOf('step5a')).toMatchObject({ falsePasses: 4, falseAlarms: 0, kappa: 0 });
    expect(judgeOf('step5b')).toMatchObject({ agreement: 1, kappa: 1, falsePasses: 0, falseAlarms: 0 });
  });

  test('the list and a backtest of other thresholds are a command each', async () => {
    const { runId } = await of('shadow');
    const listed = await printed(stack, 'decisions', 'list', '--run', runId, '--limit', '100');
    expect(listed).toMatch(/choice PlanConverged .* agreed .* in shadow: go:/);
    const folder = await mkdtemp(join(tmpdir(), 'baton-policy-'));
    const policy = join(folder, 'policy.yaml');
    const backtest = async (text: string): Promise<BacktestReport> => {
      await writeFile(policy, text);
      const stdout = await printed(stack, 'decisions', 'backtest', '--policy', policy, '-o', 'json');
      return BacktestReport.extend({ next: z.null().default(null) }).parse(JSON.parse(stdout));
    };
    try {
      const same = await backtest('{}');
      expect(same.differing).toEqual([]);
      expect(same.runs).toBe(4);
      const strict = await backtest('mode: programmatic\nthresholds: { alignment: 10 }\n');
      const changed = strict.differing.filter(({ result }) => result === 'other-move');
      expect(changed.map(({ after }) => after?.target)).toContain('RevisePlan');
      await expect(backtest('thresholds: { beauty: 5 }')).rejects.toThrow('/thresholds/beauty');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** One decision, and an advisor that is given two seconds. */
const advised = {
  name: 'advised',
  version: '1.0.0',
  title: 'One decision',
  phases: [{ name: 'judge', states: ['Good', 'Accept', 'Improve'] }],
  decisions: {
    mode: 'llm',
    advice: { timeoutSeconds: 2 },
    at: [{ state: 'Good', phase: 'judge', scores: '{% { "quality": $states.input.score } %}' }],
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Good',
    States: {
      Good: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.score >= 9 %}', Next: 'Accept' }],
        Default: 'Improve',
      },
      Accept: { Type: 'Pass', Output: 'accepted', End: true },
      Improve: { Type: 'Pass', Output: 'improved', End: true },
    },
  },
};

describe('an advisor of my own', () => {
  let stack: Stack;
  let workflows: string;
  let advisor: CreatedWorker;
  const LATE_MS = 4_000;
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const never = new Promise<never>(() => {});
  /** What it answers, by run; and how long it thinks. */
  const MOVES: Readonly<Record<string, () => Promise<string>>> = {
    agrees: async () => 'go:Improve',
    conflicts: async () => 'go:Accept',
    invents: async () => 'go:Mars',
    late: () => sleep(LATE_MS).then(() => 'go:Accept'),
    silent: () => never,
  };
  const answers: string[] = [];
  const nameOf = new Map(Object.keys(MOVES).map((name) => [runIdOfRequest(name), name]));

  beforeAll(async () => {
    workflows = await mkdtemp(join(tmpdir(), 'baton-workflows-'));
    await cp(join(ROOT, 'workflows'), workflows, { recursive: true });
    await writeFile(join(workflows, 'advised.json'), JSON.stringify(advised));
    stack = await Stack.start({
      env: { BATON_WORKFLOWS_DIR: workflows },
      args: ['--only', 'gateway,orchestrator'],
    });
    advisor = await createWorker({
      kind: 'advisor',
      // Under the login of the advisor: that of users' own workers takes from no queue of those that ship.
      env: { ...(await stack.serviceEnv('advisor')), BATON_LOG: 'warn' },
      concurrency: 10,
      input: z.object({
        point: z.object({ kind: z.literal('choice'), state: z.literal('Good') }),
        classification: z.string(),
        reasons: z.array(z.string()),
        digest: z.looseObject({ workflow: z.string() }),
        legalMoves: z.array(z.looseObject({ id: z.string() })),
      }),
      output: z.looseObject({ move: z.string() }),
      handle: async ({ legalMoves }, { runId }) => {
        const name = nameOf.get(runId) ?? '';
        const move = (await MOVES[name]?.()) ?? legalMoves[0]?.id ?? '';
        answers.push(name);
        return { move, rationale: `my advice is ${move}`, confidence: 0.9, concerns: [] };
      },
    });
    for (const name of Object.keys(MOVES)) await submit(stack, { workflow: 'advised', input: { score: 5 } }, name);
  });
  afterAll(async () => {
    await advisor?.stop(100);
    await stack?.stop();
    await rm(workflows, { recursive: true, force: true });
  });

  test.each([
    ['agrees', 'improved', 'programmatic', /no rule of Good holds|quality 5/, 0.9],
    ['conflicts', 'accepted', 'llm_override', /my advice is go:Accept; the rule says go:Improve/, 0.9],
    ['invents', 'improved', 'programmatic_fallback', /advice was not followed: "go:Mars" is not on the list/, null],
    ['late', 'improved', 'programmatic_fallback', /advice was not followed: no advice came in time/, null],
    ['silent', 'improved', 'programmatic_fallback', /advice was not followed: no advice came in time/, null],
  ] as const)(
    'that %s: the run ends with %s by %s, and its events say why',
    async (name, output, source, why, confidence) => {
      const runId = runIdOfRequest(name);
      const view = await ended(stack, runId);
      expect(view.status, view.cause ?? '').toBe('succeeded');
      expect(violations(await eventsOf(stack, runId))).toEqual([]);
      expect(RunResult.parse(await stack.api(`/v1/runs/${runId}/result`)).output).toBe(output);
      expect(await decisionsOf(stack, runId)).toMatchObject([{ source, confidence }]);
      const lines = (await printed(stack, 'run', 'events', runId)).split('\n');
      expect(lines.filter((line) => line.includes('Advice asked for at Good'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('Decision at Good'))).toEqual([expect.stringMatching(why)]);
    },
  );

  test('an answer that comes after the decision changes nothing', async () => {
    const runId = runIdOfRequest('late');
    const before = await ended(stack, runId);
    await until(() => answers.includes('late'), 'the late answer');
    await sleep(1_000);
    expect((await getRun(stack, runId))?.version).toBe(before.version);
    expect(await count(stack, runId, 'AdviceGiven')).toBe(0);
  });
});
