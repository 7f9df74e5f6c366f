import { describe, expect, test } from 'vitest';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { decide } from '../decide.js';
import { rebuild } from '../rebuild.js';
import { consider, type Standing } from './consider.js';
import type { StateHandedIn } from './state-handed-in.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');

const read = parseWorkflowDocument({
  name: 'draft-and-check',
  version: '1.0.0',
  title: 'Draft, check, and again until it is good',
  phases: [{ name: 'draft', states: ['Draft', 'Check', 'IsGood', 'Redraft'] }],
  decisions: {
    at: [
      {
        state: 'IsGood',
        phase: 'draft',
        scores: '{% $scores %}',
        thresholds: '{% { "quality": 8 } %}',
        round: '{% $round %}',
        maxRounds: '{% 3 %}',
      },
    ],
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Draft',
    States: {
      Draft: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Arguments: { prompt: 'a draft' },
        Assign: { text: '{% $states.result.text %}', round: 1 },
        Next: 'Check',
      },
      Check: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Arguments: { prompt: '{% "check: " & $text %}' },
        Assign: { scores: '{% $states.result.scores %}' },
        Next: 'IsGood',
      },
      IsGood: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $scores.quality >= 8 %}', Next: 'Done' }],
        Default: 'Redraft',
      },
      Redraft: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Arguments: { prompt: '{% "better: " & $text %}' },
        Assign: { text: '{% $states.result.text %}', round: '{% $round + 1 %}' },
        Next: 'Check',
      },
      Done: { Type: 'Succeed', Output: '{% $text %}' },
    },
  },
});
if (!read.ok) throw new Error(JSON.stringify(read.findings));
const { document } = read;

const at = (state: string, given: Partial<StateHandedIn> = {}): Standing => ({
  type: 'state',
  handedIn: {
    ...{ document, sha256: '0'.repeat(64), state, input: {}, variables: {}, runInput: {} },
    ...{ phase: 'draft', scores: [], errorCount: 0 },
    ...given,
  },
});

async function running(): Promise<Standing> {
  const meta = { nowMs: NOW, actor: { type: 'user' as const, id: 'ada' } };
  const runId = '0123abcd-0000-4000-8000-000000000001';
  const submission = { requestId: 'r', workflow: document.name, input: {}, runId };
  const run = rebuild(
    await decide({ status: 'new' }, { type: 'StartRun', submission, document, sha256: '0'.repeat(64) }, meta),
  );
  if (run.status === 'new') throw new Error('it did not begin');
  return { type: 'run', run };
}

const considered = async (...given: Parameters<typeof consider>) => {
  const answer = await consider(...given);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.considered;
};

describe('at a decision point', () => {
  test('it says what the rule decides and why, every legal move, and what then is to be done', async () => {
    const variables = { scores: { quality: 5 }, text: 'so so', round: 1 };
    const { question, decisions, waitsFor, status } = await considered(at('IsGood', { variables }), null, NOW);
    expect(status).toBe('running');
    expect(question).toMatchObject({ point: { kind: 'choice', state: 'IsGood' }, rule: { id: 'go:Redraft' } });
    expect(question?.moves.map(({ id }) => id)).toEqual(['go:Redraft', 'go:Done', 'human', 'fail']);
    expect(decisions).toMatchObject([{ source: 'programmatic', target: 'Redraft', rationale: expect.any(String) }]);
    expect(waitsFor).toMatchObject([
      { state: 'Redraft', resource: 'baton:worker:prompt', arguments: { prompt: 'better: so so' } },
    ]);
  });

  test('a move that a bound keeps off the list is told with the bound', async () => {
    const variables = { scores: { quality: 9 }, text: 'good', round: 3 };
    const { question } = await considered(at('IsGood', { variables }), null, NOW);
    expect(question?.blocked).toMatchObject([{ move: { id: 'go:Redraft' }, reason: expect.stringMatching(/round/) }]);
  });

  test('it follows the rules to the end where nobody is needed', async () => {
    const variables = { scores: { quality: 9 }, text: 'good', round: 2 };
    const { decisions, status, output, waitsFor } = await considered(at('IsGood', { variables }), null, NOW);
    expect([decisions[0]?.target, status, output, waitsFor]).toEqual(['Done', 'succeeded', 'good', []]);
  });

  test('the same question has the same answer', async () => {
    const standing = at('IsGood', { variables: { scores: { quality: 5 }, text: 'x', round: 1 } });
    const [first, second] = [await consider(standing, null, NOW), await consider(standing, null, NOW)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });
});

describe('from a run', () => {
  test('as it is, it says what the run waits for', async () => {
    const { waitsFor, question, decisions } = await considered(await running(), null, NOW);
    expect(waitsFor).toMatchObject([{ state: 'Draft', resource: 'baton:worker:prompt', attempt: 1 }]);
    expect([question, decisions]).toEqual([null, []]);
  });

  test('with what came of its task, it says what follows', async () => {
    const { waitsFor } = await considered(await running(), { output: { text: 'a first one' } }, NOW);
    expect(waitsFor).toMatchObject([{ state: 'Check', arguments: { prompt: 'check: a first one' } }]);
  });

  test('after a failure for good, it says which ways there are to try again', async () => {
    const outcome = { error: 'Baton.InvalidInput', cause: 'no', retryable: false };
    const { question, decisions, status } = await considered(await running(), outcome, NOW);
    expect(question).toMatchObject({ point: { kind: 'task-failed', state: 'Draft' } });
    expect(question?.moves.map(({ id }) => id)).toContain('fail');
    expect([decisions.length, status]).toEqual([1, 'failed']);
  });

  test('the run itself stays as it was', async () => {
    const standing = await running();
    const before = JSON.stringify(standing);
    await consider(standing, { output: { text: 'x' } }, NOW);
    expect(JSON.stringify(standing)).toBe(before);
  });
});

describe('what does not fit is said, with what would', () => {
  test.each([
    ['a state that is not there', at('Chek'), null, 'Check'],
    ['an outcome of a state that is not open', 'run', { state: 'Check', output: {} }, 'Draft'],
    ['a decision where no person is asked', 'run', { decision: 'approve' }, 'output'],
  ] as const)('%s', async (_, standing, outcome, hint) => {
    const answer = await consider(standing === 'run' ? await running() : standing, outcome, NOW);
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).toContain(hint);
  });
});
