import type { RunDetail, RunView } from '@baton/contracts';
import { openLetterOf, readFacts } from '@baton/event-store';
import { workOfRun } from '@baton/read-model';
import { shownLevels } from '@baton/workflow';
import type { Pool } from 'pg';
import { stateAt } from './run-state.js';

/** A run as it is now, with who works for it and what is left of its budget. */
export async function runDetail(pool: Pool, run: RunView, nowMs: number): Promise<RunDetail> {
  const [{ work, lost, done }, budget, deadLetter] = await Promise.all([
    workOfRun(pool, run.runId),
    budgetOf(pool, run, nowMs),
    letterOf(pool, run),
  ]);
  return { ...run, work: [...work], lost: [...lost], done: [...done], budget: [...budget], deadLetter };
}

async function letterOf(pool: Pool, { runId, endedAt }: RunView): Promise<RunDetail['deadLetter']> {
  const letter = endedAt === null ? await openLetterOf(pool, runId) : null;
  if (letter === null) return null;
  const { id, at, source, reason } = letter;
  return { id, at, source, reason };
}

/** How the first event of a run without a budget says so. */
const NO_BUDGET = '"budget":{"usd":null,"tokens":null,"wallClock":null}';

/** From the state that the log gives: only a run that has a budget is read for it. */
async function budgetOf(pool: Pool, { runId, version, endedAt }: RunView, nowMs: number): Promise<RunDetail['budget']> {
  if (version === 0) return [];
  const [first] = await readFacts(pool, runId, { fromVersion: 1, toVersion: 1 });
  if (first === undefined || first.dataText.includes(NO_BUDGET)) return [];
  const state = await stateAt(pool, runId, version);
  return state.status === 'new' ? [] : [...shownLevels(state, endedAt === null ? nowMs : Date.parse(endedAt))];
}
