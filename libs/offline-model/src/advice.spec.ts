import { describe, expect, it } from 'vitest';
import { advise } from './advice.js';
import { answerText } from './testing/offline-run.js';

const TEMPLATE = 'workflow_orchestrator_prompt_template';
const thresholds = { alignment: 9, compatibility: 8 };
const refine = { id: 'go:Refine', actionType: 'invoke_agent', target: 'Refine', text: 'go on with Refine' };
const finish = { id: 'go:Done', actionType: 'complete', target: 'Done', text: 'end the work' };
const human = { id: 'human', actionType: 'request_human', target: null, text: 'ask a person' };
const fail = { id: 'fail', actionType: 'fail', target: null, text: 'end the run as failed' };
const caught = { id: 'catch:1', actionType: 'invoke_agent', target: 'Mend', text: 'go on with Mend' };
const retry = (recoveryStrategy: string) => ({
  id: `retry:${recoveryStrategy}`,
  actionType: 'retry_with_recovery',
  recoveryStrategy,
  text: 'try again',
});
const rounds = (...alignments: readonly number[]) =>
  alignments.map((alignment, index) => ({ round: index + 1, scores: { alignment, compatibility: 9 } }));

const atChoice = (digest: object, legalMoves: readonly object[] = [refine, finish, human, fail]) =>
  advise(JSON.parse(JSON.stringify({ point: { kind: 'choice', state: 'Converged' }, digest, legalMoves })));
const atFailure = (failures: readonly object[], legalMoves: readonly object[]) => {
  const point = { kind: 'task-failed', state: 'Plan' };
  return advise(JSON.parse(JSON.stringify({ point, digest: { failures }, legalMoves })));
};

describe('the offline advisor', () => {
  it('says that it is scripted, and answers the same question with the same bytes', async () => {
    const variables = {
      point: { kind: 'choice', state: 'Converged' },
      classification: 'complex',
      reasons: ['errors'],
      digest: { rounds: rounds(7), thresholds, round: 1, maxRounds: 5 },
      legalMoves: [refine, human],
    };
    const text = await answerText(TEMPLATE, variables);
    expect(await answerText(TEMPLATE, variables)).toBe(text);
    expect(JSON.parse(text)).toMatchObject({
      move: 'go:Refine',
      rationale: expect.stringContaining('fixed rules of the offline advisor'),
      concerns: ['This advice is scripted: no language model looked at the run.'],
    });
  });

  it('refines while a tool fails, whatever the scores', () => {
    const digest = { rounds: rounds(9.5), thresholds, failingTools: ['tests'], round: 1, maxRounds: 5 };
    const advice = atChoice(digest, [finish, refine, human]);
    expect(advice).toMatchObject({ move: 'go:Refine', rationale: expect.stringContaining('tests failed in round 1') });
  });

  it('finishes when every score reaches its threshold', () => {
    expect(atChoice({ rounds: rounds(7, 9.2), thresholds, failingTools: [], round: 2, maxRounds: 5 }).move).toBe(
      'go:Done',
    );
  });

  it('goes to the approver where every score reaches its threshold and only an approval is missing', () => {
    const digest = { rounds: rounds(7, 9.2), thresholds, failingTools: [], round: 2, maxRounds: 5 };
    const approve = {
      id: 'go:Approve',
      actionType: 'request_human',
      target: 'Approve',
      text: 'ask a person in Approve',
    };
    expect(atChoice(digest, [approve, refine, human, fail]).move).toBe('go:Approve');
    expect(atChoice(digest, [refine, fail]).move).toBe('go:Refine');
  });

  it('asks a person at a standstill, where a rule would go another round, and goes on where it cannot', () => {
    const digest = { rounds: rounds(8, 8.1, 8.2), thresholds, round: 3, maxRounds: 5 };
    expect(atChoice(digest).move).toBe('human');
    expect(atChoice(digest, [refine, finish, fail]).move).toBe('go:Refine');
    expect(atChoice({ ...digest, rounds: rounds(7, 7.5, 8.2) }).move).toBe('go:Refine');
  });

  it('ends at a standstill as the workflow says where nobody may be asked', () => {
    const digest = { rounds: rounds(8, 8.1, 8.2), thresholds, round: 3, maxRounds: 5 };
    const notConverged = { id: 'go:NotConverged', actionType: 'fail', target: 'NotConverged', text: 'end as failed' };
    expect(atChoice(digest, [refine, notConverged, fail]).move).toBe('go:NotConverged');
    expect(atChoice(digest, [refine, notConverged, human, fail]).move).toBe('human');
    expect(atChoice({ ...digest, rounds: rounds(7, 7.5, 8.2) }, [refine, notConverged, fail]).move).toBe('go:Refine');
  });

  it('asks a person in the last round, where a rule would end the run', () => {
    const digest = { rounds: rounds(6, 8), thresholds, round: 2, maxRounds: 2 };
    expect(atChoice(digest)).toMatchObject({ move: 'human', rationale: expect.stringContaining('the last one') });
    expect(atChoice(digest, [finish, fail]).move).toBe('fail');
  });

  it('asks a person where there is nothing to go by', () => {
    expect(atChoice({})).toMatchObject({ move: 'human', confidence: 0.5 });
  });

  it.each([
    ['States.Timeout', 'retry:extended_timeout'],
    ['Baton.InvalidOutput', 'retry:escalate_model'],
    ['Baton.ModelUnavailable', 'retry:same'],
    // Its own remedy is not on the list.
    ['Baton.ModelRefused', 'retry:same'],
  ])('meets %s with %s', (error, move) => {
    const moves = [caught, retry('same'), retry('extended_timeout'), retry('escalate_model'), human, fail];
    expect(atFailure([{ state: 'Plan', error, cause: 'x' }], moves).move).toBe(move);
  });

  it('does not try the same again after the same failure twice', () => {
    const failures = [
      { state: 'Plan', error: 'Baton.InvalidOutput', cause: 'no plan' },
      { state: 'Other', error: 'States.Timeout', cause: '' },
      { state: 'Plan', error: 'Baton.InvalidOutput', cause: 'no plan' },
    ];
    expect(atFailure(failures, [retry('same'), retry('reduced_scope'), human]).move).toBe('retry:reduced_scope');
    expect(atFailure(failures, [retry('same'), human, fail]).move).toBe('human');
    expect(atFailure(failures, [retry('same'), fail, caught]).move).toBe('catch:1');
  });

  it('takes a move of the list in any case, and refuses an empty one', () => {
    expect(atChoice({ rounds: rounds(7), thresholds }, [fail]).move).toBe('fail');
    expect(() => atChoice({}, [])).toThrow(/cannot advise/);
  });
});
