import { type Advice, type JsonObject, type RecoveryStrategy, TerminalError } from '@baton/contracts';
import { z } from 'zod';

/*
 * The scripted advisor: fixed rules over the digest and the legal moves, never anything else of the task. It leans towards
 * a person where the numbers say that more of the same will not help, while the rule of a workflow usually goes on or
 * ends the run there; so that a run without an API key shows both agreement and conflict.
 */

const Scores = z.record(z.string(), z.number());

const Digest = z.object({
  rounds: z
    .array(z.object({ scores: Scores }))
    .catch([])
    .default([]),
  thresholds: Scores.optional().catch(undefined),
  failingTools: z.array(z.string()).catch([]).default([]),
  unrunTools: z.array(z.string()).catch([]).default([]),
  round: z.number().optional().catch(undefined),
  maxRounds: z.number().nullish().catch(undefined),
  failures: z
    .array(z.object({ state: z.string().optional(), error: z.string(), cause: z.string().catch('') }))
    .catch([])
    .default([]),
});
type Digest = z.infer<typeof Digest>;

const Move = z.object({
  id: z.string(),
  actionType: z.string(),
  recoveryStrategy: z.string().nullish(),
});
type Move = z.infer<typeof Move>;

const AdviceVariables = z.object({
  point: z.object({ kind: z.string(), state: z.string() }),
  digest: Digest,
  legalMoves: z.array(Move).min(1),
});
type AdviceVariables = z.infer<typeof AdviceVariables>;

/** What speaks for a kind of move, in the order in which the kinds are looked for on the list. */
interface Leaning {
  readonly towards: readonly ((move: Move) => boolean)[];
  readonly because: string;
  readonly confidence: number;
}

/** Two rounds that together gain less than this stand still; the classification of the hub has the same number. */
const STANDSTILL = 0.3;

const doing =
  (...actionTypes: readonly string[]) =>
  (move: Move): boolean =>
    actionTypes.includes(move.actionType);
const retrying =
  (...strategies: readonly RecoveryStrategy[]) =>
  (move: Move): boolean =>
    strategies.some((strategy) => strategy === move.recoveryStrategy);
const works = doing('invoke_agent');
const finishes = doing('transition_phase', 'complete');
const asksPerson = doing('request_human');
const fails = doing('fail');
/** A state of the workflow that says what was missing; not the end of the run wherever it stands. */
const endsAsFailed = (move: Move): boolean => fails(move) && move.id.startsWith('go:');

/** Throws TerminalError `offline-bad-variables` where there is no list of moves to choose from. */
export function advise(variables: JsonObject): Advice {
  const parsed = AdviceVariables.safeParse(variables);
  if (!parsed.success) {
    throw new TerminalError(`The offline model cannot advise: ${z.prettifyError(parsed.error)}`, {
      code: 'offline-bad-variables',
      next: 'Give the advisor a point, a digest and at least one legal move.',
      cause: parsed.error,
    });
  }
  const { legalMoves } = parsed.data;
  const leaning = leaningOf(parsed.data);
  const [anyMove] = legalMoves;
  const move = firstOf(legalMoves, leaning.towards) ?? legalMoves.find((each) => !fails(each)) ?? anyMove;
  return {
    move: move?.id ?? '',
    rationale: `By the fixed rules of the offline advisor: ${leaning.because}.`,
    confidence: leaning.confidence,
    concerns: ['This advice is scripted: no language model looked at the run.'],
  };
}

const firstOf = (moves: readonly Move[], kinds: Leaning['towards']): Move | undefined =>
  kinds.flatMap((isKind) => moves.filter(isKind))[0];

const leaningOf = ({ point, digest }: AdviceVariables): Leaning =>
  point.kind === 'task-failed' ? afterFailure(digest, point.state) : afterRound(digest);

/** How each error is best met. Not listed: asked again as it was, since it may pass. */
const REMEDIES: Readonly<Record<string, RecoveryStrategy>> = {
  'States.Timeout': 'extended_timeout',
  'Baton.InvalidOutput': 'escalate_model',
  'Baton.ModelRefused': 'alternate_template',
  'Baton.BudgetExhausted': 'reduced_scope',
};

function afterFailure({ failures }: Digest, state: string): Leaning {
  const own = failures.filter((failure) => failure.state === undefined || failure.state === state);
  const last = own.at(-1);
  const before = own.at(-2);
  const isCaught = (move: Move): boolean => move.id.startsWith('catch:');
  if (last !== undefined && before !== undefined && last.error === before.error && last.cause === before.cause) {
    return {
      towards: [retrying('reduced_scope'), asksPerson, isCaught, fails],
      because: `${state} failed twice with the same ${last.error}, so the same again would give the same`,
      confidence: 0.7,
    };
  }
  const error = last?.error ?? 'an error';
  const remedy = REMEDIES[error] ?? 'same';
  return {
    towards: [retrying(remedy), retrying('same'), isCaught, asksPerson, fails],
    because: `${state} failed with ${error}, which ${remedy} meets`,
    confidence: 0.7,
  };
}

function afterRound(digest: Digest): Leaning {
  const { rounds, failingTools, unrunTools, round, maxRounds } = digest;
  const gains = gainsOf(rounds.map(({ scores }) => total(scores)));
  const isLast = round !== undefined && maxRounds != null && round >= maxRounds;
  const why = `round ${round ?? rounds.length}${maxRounds == null ? '' : ` of ${maxRounds}`}`;
  const isStill = gains.length >= 2 && gains.slice(-2).reduce((sum, gain) => sum + gain, 0) < STANDSTILL;
  const isGood = failingTools.length === 0 && reaches(rounds.at(-1)?.scores, digest.thresholds);
  if (isGood && unrunTools.length > 0) {
    const because = `${unrunTools.join(' and ')} did not run in ${why}, and what was not run did not pass`;
    return { towards: [asksPerson, fails], because, confidence: 0.9 };
  }
  if (isGood) {
    // Where nothing finishes, a person is what is missing: more work on what is good enough would only put that off.
    const because = `every score reaches its threshold in ${why}`;
    return { towards: [finishes, asksPerson, works], because, confidence: 0.9 };
  }
  if (isStill || isLast) {
    const because = isLast
      ? `${why} is the last one and something is still missing`
      : `two rounds together gained less than ${STANDSTILL}, so another one would likely give the same`;
    // Where nobody may be asked, the workflow's own way to end without success is what its policy says.
    return { towards: [asksPerson, endsAsFailed, works, fails], because, confidence: 0.7 };
  }
  if (failingTools.length > 0) {
    const because = `${failingTools.join(' and ')} failed in ${why}, and nothing is finished while a tool fails`;
    return { towards: [works, asksPerson], because, confidence: 0.9 };
  }
  if (rounds.length === 0) {
    return { towards: [asksPerson, works], because: 'the digest has no scores to go by', confidence: 0.5 };
  }
  return { towards: [works, asksPerson], because: `a score is below its threshold in ${why}`, confidence: 0.8 };
}

const total = (scores: Readonly<Record<string, number>>): number =>
  Object.values(scores).reduce((sum, score) => sum + score, 0);

const gainsOf = (totals: readonly number[]): readonly number[] =>
  totals.slice(1).map((score, index) => score - (totals[index] ?? 0));

const reaches = (scores: Digest['thresholds'], thresholds: Digest['thresholds']): boolean =>
  scores !== undefined &&
  thresholds !== undefined &&
  Object.entries(thresholds).every(([dimension, threshold]) => (scores[dimension] ?? -1) >= threshold);
