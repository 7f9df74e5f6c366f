import { isJsonObject } from '@baton/asl';
import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../../testing/scenario.js';
import { code, PLAN, parsed, review, tools, validate } from '../../testing/seven-step.js';
import { MOST_OF_DIGEST } from './digest.js';

const digestIn = (run: Scenario): JsonObject => {
  const given = run.eventsOf('AdviceRequested').at(-1)?.data.arguments;
  const digest = isJsonObject(given) ? given.digest : undefined;
  if (!isJsonObject(digest)) throw new Error('nobody asked for advice');
  return digest;
};

/** The seven-step workflow in a mode that asks at every point. */
async function advised(input: JsonObject = {}): Promise<Scenario> {
  if (!parsed.ok) throw new Error('the shipped document has findings');
  const { document } = parsed;
  const run = scenario({ ...document, decisions: { at: [], ...document.decisions, mode: 'llm' } }, false);
  await run.start({ requirements: 'Make a table.', ...input });
  return run;
}
const follow = (run: Scenario, move: string) =>
  run.when({
    type: 'CompleteTask',
    commandId: run.advisor().commandId,
    output: { move, rationale: 'so', confidence: 0.9, concerns: [] },
  });

describe('the digest of an advisor', () => {
  test('says what was asked for, what was done in how many attempts, and what reviewers found', async () => {
    const run = await advised();
    await run.fail('Plan', 'Baton.ModelUnavailable', 'overloaded');
    await run.succeed('Plan', PLAN);
    const issues = [{ id: 'P1', severity: 'major', problem: 'no tests' }];
    await run.succeed('ValidatePlan', { ...review({ alignment: 5 }), issues });
    expect(digestIn(run)).toMatchObject({
      title: 'Plan, validate, implement, validate, refine',
      input: { requirements: 'Make a table.' },
      steps: [
        { state: 'ValidatePlan', step: 2, title: 'Plan validation', attempts: 1, outcome: 'succeeded' },
        { state: 'Plan', step: 1, attempts: 2, outcome: 'succeeded' },
      ],
      findings: issues,
      rounds: [{ round: 1, scores: { alignment: 5 } }],
      failures: [{ state: 'Plan', error: 'Baton.ModelUnavailable', cause: 'overloaded' }],
    });
  });

  test('says what tools found, and what people decided and asked for', async () => {
    const run = await advised({ gates: 'plan' });
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review());
    await follow(run, 'go:ApprovePlan');
    await run.answer('ApprovePlan', 'request-changes', 'no cache, please');
    await run.succeed('RevisePlan', PLAN);
    await run.succeed('ValidatePlan', review());
    await follow(run, 'go:ApprovePlan');
    await run.answer('ApprovePlan', 'approve');
    await follow(run, 'go:Implement');
    await run.succeed('Implement', code('x'));
    const failed = { tool: 'tests', status: 'failed', findings: [{ file: 'a.ts', line: 3, message: '1 !== 2' }] };
    await validate(run, '', review(), review(), {
      ...tools('tests'),
      tools: [{ tool: 'parse', status: 'passed' }, failed],
    });
    expect(digestIn(run)).toMatchObject({
      toolFindings: [failed],
      failingTools: ['tests'],
      answers: [
        { state: 'ApprovePlan', decision: 'approve', by: 'user:tester' },
        { state: 'ApprovePlan', decision: 'request-changes', comment: 'no cache, please' },
      ],
    });
  });

  test('goes with the template that the workflow names', async () => {
    const decisions = { mode: 'llm', advice: { template: 'my_advisor' } };
    const run = scenario(documentOf({ Work: task() }, { decisions }));
    await run.start();
    await run.fail('Work', 'Weather', 'rain', false);
    expect(run.advisor().message.arguments).toMatchObject({ template: 'my_advisor' });
  });
});

const DOCUMENT = documentOf(
  {
    Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Ask' },
    Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Go?' }, Next: 'Check' }),
    Check: task({ Assign: { review: '{% $states.result %}', round: '{% $round + 1 %}' }, Next: 'Good' }),
    Good: { Type: 'Choice', Choices: [{ Condition: '{% $round > 6 %}', Next: 'Done' }], Default: 'Ask' },
    Done: { Type: 'Succeed' },
  },
  {
    phases: [{ name: 'p', states: ['Check', 'Good'] }],
    decisions: {
      mode: 'shadow',
      at: [
        {
          ...{ state: 'Good', phase: 'p', round: '{% $round %}', scores: '{% $review.scores %}' },
          ...{ findings: '{% $review.findings %}', toolFindings: '{% $review.findings %}' },
          failingTools: '{% $review.failing %}',
        },
      ],
    },
  },
);

test('keeps its bounds whatever the run holds', async () => {
  const long = fc.string({ maxLength: 3_000, unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', ''));
  const much = fc.tuple(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 1, max: 3_000 }));
  const scores = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 300 }),
    fc.double({ min: 0, max: 10, noNaN: true }),
    {
      maxKeys: 60,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({ requirements: long, more: much }),
      fc.array(fc.tuple(long, much, scores, fc.array(long, { maxLength: 30 })), { minLength: 1, maxLength: 5 }),
      async ({ requirements, more: [value, times] }, rounds) => {
        const run = scenario(DOCUMENT, false);
        const plain: Json = JSON.parse(JSON.stringify(value));
        await run.start({ requirements, more: Array(times).fill(plain) });
        for (const [comment, [found, count], given, failing] of rounds) {
          await run.answer('Ask', 'request-changes', comment);
          await run.fail('Check', `Error.${comment.slice(0, 900)}x`, comment, false).catch(() => {});
          if (run.state().status !== 'running') break;
          const findings: Json = Array(count).fill(JSON.parse(JSON.stringify(found)));
          await run.succeed('Check', { scores: given, findings, failing });
        }
        for (const { data } of run.eventsOf('AdviceRequested')) {
          expect(
            JSON.stringify(isJsonObject(data.arguments) ? data.arguments.digest : null).length,
          ).toBeLessThanOrEqual(MOST_OF_DIGEST);
          expect(JSON.stringify(data.arguments).length).toBeLessThanOrEqual(2 * MOST_OF_DIGEST);
        }
        expect(run.eventsOf('AdviceRequested').length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 25 },
  );
});
