import type { Json } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { TOLD_EVENTS } from '../events/told-events.js';
import { branches, documentOf, RUN_ID, type Scenario, scenario, task } from '../testing/scenario.js';
import type { ReplayDifference } from './difference.js';
import { eventIn, type RecordedFact } from './recorded-fact.js';
import { RunReplay } from './run-replay.js';

const isLong = inject('effort') === 'long';
const TOLD: ReadonlySet<string> = TOLD_EVENTS;

async function differenceOf(facts: readonly RecordedFact[]): Promise<ReplayDifference | null> {
  const read = async (_: string, toVersion: number) => ({ events: facts.slice(0, toVersion).map(eventIn), before: 0 });
  const replay = new RunReplay(RUN_ID, { read });
  return (await replay.take(facts)) ?? (await replay.finish());
}

async function problemOf(facts: readonly RecordedFact[]): Promise<string | null> {
  const found = await differenceOf(facts);
  return found === null ? null : `event ${found.version}: ${found.problem}`;
}

const renumbered = (facts: readonly RecordedFact[]): readonly RecordedFact[] =>
  facts.map((fact, index) => ({ ...fact, version: index + 1, position: index + 1 }));

/** A run that is retried, caught, approved, signalled, paused, taken up again and decided by an advisor. */
async function eventful(): Promise<Scenario> {
  const document = documentOf(
    {
      Plan: task({
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, JitterStrategy: 'FULL' }],
        Assign: { round: 1, id: '{% $uuid() %}' },
        Next: 'Each',
      }),
      Each: {
        Type: 'Map',
        Items: '{% [1, 2, 3] %}',
        MaxConcurrency: 2,
        ItemProcessor: { StartAt: 'One', States: { One: task({ Resource: 'baton:worker:prompt' }) } },
        Next: 'Both',
      },
      Both: { ...branches('Left', 'Right'), Next: 'Check' },
      Check: task({
        Resource: 'baton:worker:validator',
        Assign: { score: '{% $states.result.score %}' },
        Next: 'Good',
      }),
      Good: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $score >= 9 or $round > 2 %}', Next: 'Ask' }],
        Default: 'Refine',
      },
      Refine: task({
        Resource: 'baton:worker:programmer',
        Assign: { round: '{% $round + 1 %}' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Ask' }],
        Next: 'Check',
      }),
      Ask: task({ Resource: 'baton:approval', Arguments: { what: '{% $id %}' }, Next: 'Go' }),
      Go: task({ Resource: 'baton:signal:go', Next: 'Rest' }),
      Rest: { Type: 'Wait', Seconds: 60, Next: 'Last' },
      Last: task(),
    },
    {
      budget: { usd: 5, tokens: 100_000 },
      decisions: { mode: 'llm', at: [{ state: 'Good', phase: 'code', scores: '{% { "alignment": $score } %}' }] },
      phases: [{ name: 'code', states: ['Check', 'Good', 'Refine', 'Ask'] }],
    },
  );
  const run = scenario(document);
  const usage = { inputTokens: 1_000, outputTokens: 100, costUsd: 0.01 };
  const advise = (move: string) =>
    run.when({
      type: 'CompleteTask',
      commandId: run.advisor().commandId,
      output: { move, rationale: 'as I see it', confidence: 0.7, concerns: [] },
      usage,
    });
  await run.start({ from: 'forgeries' });
  await run.fail('Plan', 'Weather');
  await run.succeed('Plan', { goal: 'x' }, { usage });
  for (let item = 0; item < 3; item += 1) await run.succeed('One', { item });
  await run.pause('lunch');
  await run.succeed('Right', { right: true });
  await run.succeed('Left', { left: true });
  await run.resume();
  await run.succeed('Check', { score: 7 }, { usage });
  await advise('go:Refine');
  await run.succeed('Refine', { files: 2 }, { usage });
  await run.succeed('Check', { score: 9.5 }, { usage });
  await advise('go:Ask');
  await run.signal('go', { early: true });
  await run.answer('Ask', 'approve', 'fine');
  await run.expire('Rest');
  await run.fail('Last', 'Broken', 'no', false);
  await advise('fail');
  await run.retry('once more');
  await run.succeed('Last', { done: true });
  return run;
}
const recorded = (await eventful()).facts();

/** Places in JSON whose value a forger can change: what is measured is left out. */
function placesIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]));
  }
  return path.at(-1) === 'latencyMs' ? [] : [path];
}

function changedAt(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined) {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    return value === null ? 'forged' : `${String(value)}x`;
  }
  const copy: unknown = JSON.parse(JSON.stringify(value));
  if (typeof copy !== 'object' || copy === null) return value;
  Reflect.set(copy, name, changedAt(Reflect.get(copy, name), rest));
  return JSON.parse(JSON.stringify(copy));
}

const places = recorded.flatMap((fact, index) =>
  placesIn(JSON.parse(fact.dataText)).map((path) => ({ index, path, isTold: TOLD.has(fact.type) })),
);
const withText = (index: number, dataText: string): readonly RecordedFact[] =>
  recorded.map((fact, at) => (at === index ? { ...fact, dataText } : fact));

describe('a run whose log was forged', () => {
  test('is found wherever a decided event says something else', async () => {
    const decided = places.filter(({ isTold }) => !isTold);
    expect(decided.length).toBeGreaterThan(300);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...decided), async ({ index, path }) => {
        const { dataText = '{}', type } = recorded[index] ?? {};
        const forged = JSON.stringify(changedAt(JSON.parse(dataText), path));
        expect(await problemOf(withText(index, forged)), `${type} ${path.join('.')}`).not.toBeNull();
      }),
      { numRuns: isLong ? 2_000 : 80 },
    );
  });

  /** What a person or an advisor said in words, and what is said of the engine, leads to nothing else in this run. */
  const IS_SAID_ONLY = /(^|\.)(reason|rationale|engine\.(version|statesWithoutWaiting|expressionSteps))$/;

  test('is found wherever a told event says something else that the run went by', async () => {
    const told = places.filter(({ isTold, path }) => isTold && !IS_SAID_ONLY.test(path.join('.')));
    expect(told.length).toBeGreaterThan(100);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...told), async ({ index, path }) => {
        const { dataText = '{}', type } = recorded[index] ?? {};
        const forged = JSON.stringify(changedAt(JSON.parse(dataText), path));
        expect(await problemOf(withText(index, forged)), `${type} ${path.join('.')}`).not.toBeNull();
      }),
      { numRuns: isLong ? 2_000 : 60 },
    );
  });

  test('is found whichever event is dropped', async () => {
    expect(await problemOf(recorded)).toBeNull();
    for (const [index, { type }] of recorded.entries()) {
      const forged = renumbered(recorded.filter((_, at) => at !== index));
      expect(await problemOf(forged), `${index} ${type}`).not.toBeNull();
    }
  });

  /** A signal that nobody waits for may as well have come at another quiet moment. */
  const mayStandElsewhere = ({ type }: RecordedFact): boolean => type === 'SignalReceived';
  const place = fc.nat({ max: recorded.length - 1 });

  test('is found wherever an event is moved to', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const moved = recorded[from];
        if (moved === undefined || from === to || mayStandElsewhere(moved)) return;
        const without = recorded.filter((_, at) => at !== from);
        const forged = renumbered([...without.slice(0, to), moved, ...without.slice(to)]);
        expect(await problemOf(forged), `${from} → ${to} ${moved.type}`).not.toBeNull();
      }),
      { numRuns: isLong ? 4_000 : 100 },
    );
  });

  test('is found wherever an event is added', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const added = recorded[from];
        if (added === undefined) return;
        const forged = renumbered([...recorded.slice(0, to), added, ...recorded.slice(to)]);
        expect(await problemOf(forged), `${from} + ${to} ${added.type}`).not.toBeNull();
      }),
      { numRuns: isLong ? 4_000 : 100 },
    );
  });

  /** Whoever has the right to it may say so, and only the log says who did. */
  const ANYBODYS: ReadonlySet<string> = new Set([
    'RunPaused',
    'RunResumed',
    'RunRetried',
    'RunCancelled',
    'SignalReceived',
  ]);

  test.each<[string, Partial<RecordedFact>]>([
    ['who said it', { actorText: '{"type":"user","id":"eve"}' }],
    ['which request it is about', { correlationId: 'another' }],
    ['what caused it', { causationId: 'another' }],
    ['when it was', { recordedAt: '2026-11-21T12:00:00.001Z' }],
  ])('is found wherever an event says otherwise %s', async (_what, change) => {
    for (const [index, { type }] of recorded.entries()) {
      // What caused a worker's result is the id of a message that nobody keeps; and one alone is at whatever moment it says.
      const isAlone = [index - 1, index + 1].every((at) => recorded[at]?.causationId !== recorded[index]?.causationId);
      if (isAlone || ('actorText' in change && ANYBODYS.has(type))) continue;
      const forged = recorded.map((fact, at) => (at === index ? { ...fact, ...change } : fact));
      expect(await problemOf(forged), `${index} ${type}`).not.toBeNull();
    }
  });

  test('says where it is wrong, and what both sides have', async () => {
    const index = recorded.findIndex(({ type }) => type === 'DecisionMade');
    const forged = recorded[index]?.dataText.replace('"target":"Refine"', '"target":"Ask"') ?? '';
    const difference = await differenceOf(withText(index, forged));
    expect(difference).toMatchObject({
      version: index + 1,
      position: index + 1,
      problem: 'the log has another DecisionMade than is decided, at /decision/target',
      recorded: { data: { decision: { target: 'Ask' } } },
      decided: { data: { decision: { target: 'Refine' } } },
    });
  });
});
