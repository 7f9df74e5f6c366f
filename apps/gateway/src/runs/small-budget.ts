import type { RunSummary, SubmitRunBody } from '@baton/contracts';
import { listRuns } from '@baton/read-model';
import type { WorkflowDocument } from '@baton/workflow';
import type { Pool } from 'pg';

const MOST_RUNS = 20;
/** An answer of a model is not asked for with less room than this. */
const LEAST_TOKENS = 2_000;

type Budget = NonNullable<SubmitRunBody['budget']>;

/**
 * Says that a limit is too small to come far with: too small for one call, or less than any of the last runs of the workflow
 * has cost. Null where it is not, or nobody can know. It is no reason to refuse the run: a person is asked where it ends.
 */
export async function noticeOfBudget(
  pool: Pool,
  { name, budget: usual }: WorkflowDocument,
  asked: Budget | undefined,
): Promise<string | null> {
  const { usd, tokens } = { ...usual, ...asked };
  if (tokens !== undefined && tokens < LEAST_TOKENS) {
    return `A limit of ${tokens} tokens is too small for even one call of a model, which needs room for an answer: give at least ${LEAST_TOKENS.toLocaleString('en-US')}, and for a whole run far more.`;
  }
  if (usd === undefined && tokens === undefined) return null;
  const { runs } = await listRuns(pool, { workflow: name, status: 'succeeded' }, MOST_RUNS);
  return lessThanAny(name, runs, { usd, tokens });
}

/** Runs of the scripted model cost nothing and tell nothing. */
export function lessThanAny(
  workflow: string,
  runs: readonly Pick<RunSummary, 'usage'>[],
  { usd, tokens }: Pick<Budget, 'usd' | 'tokens'>,
): string | null {
  const spent = runs.map(({ usage }) => usage);
  const money = spent.flatMap(({ costUsd }) => (costUsd === null || costUsd === 0 ? [] : [costUsd]));
  const used = spent.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens).filter((sum) => sum > 0);
  const told = (limit: string, all: readonly number[], words: (amount: number) => string): string =>
    `The limit of ${limit} is less than any run of ${workflow} has cost lately: ${all.length === 1 ? `the last one that succeeded took ${words(Math.min(...all))}` : `the last ${all.length} that succeeded took ${words(Math.min(...all))} to ${words(Math.max(...all))}`}.`;
  if (usd !== undefined && money.length > 0 && usd < Math.min(...money)) return told(dollars(usd), money, dollars);
  if (tokens !== undefined && used.length > 0 && tokens < Math.min(...used))
    return told(counted(tokens), used, counted);
  return null;
}

const dollars = (usd: number): string => `$${usd < 0.01 ? usd : usd.toFixed(2)}`;
const counted = (tokens: number): string => `${tokens.toLocaleString('en-US')} tokens`;
