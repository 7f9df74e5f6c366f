import { RunDetail, type RunView } from '@baton/contracts';
import { openLetterOf, readFacts } from '@baton/event-store';
import { workOfRun } from '@baton/read-model';
import { shownLevels } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { stateAt } from './run-state.js';

/** A run as it is now, with who works for it, what is left of its budget, and what it was submitted with for its agents. */
export async function runDetail(pool: Pool, run: RunView, nowMs: number): Promise<RunDetail> {
  const [{ work, lost, done }, first, deadLetter] = await Promise.all([
    workOfRun(pool, run.runId),
    firstOf(pool, run),
    letterOf(pool, run),
  ]);
  const budget = await budgetOf(pool, run, first, nowMs);
  const agents = agentsIn(first);
  return { ...run, work: [...work], lost: [...lost], done: [...done], budget: [...budget], agents, deadLetter };
}

async function letterOf(pool: Pool, { runId, endedAt }: RunView): Promise<RunDetail['deadLetter']> {
  const letter = endedAt === null ? await openLetterOf(pool, runId) : null;
  if (letter === null) return null;
  const { id, at, source, reason } = letter;
  return { id, at, source, reason };
}

/** What its first event says, as it stands in the log; null before that is there. */
async function firstOf(pool: Pool, { runId, version }: RunView): Promise<string | null> {
  if (version === 0) return null;
  const [first] = await readFacts(pool, runId, { fromVersion: 1, toVersion: 1 });
  return first?.dataText ?? null;
}

/** How the first event of a run without a budget says so. */
const NO_BUDGET = '"budget":{"usd":null,"tokens":null,"wallClock":null}';

/** From the state that the log gives: only a run that has a budget is read for it. */
async function budgetOf(
  pool: Pool,
  { runId, version, endedAt }: RunView,
  first: string | null,
  nowMs: number,
): Promise<RunDetail['budget']> {
  if (first === null || first.includes(NO_BUDGET)) return [];
  const state = await stateAt(pool, runId, version);
  return state.status === 'new' ? [] : [...shownLevels(state, endedAt === null ? nowMs : Date.parse(endedAt))];
}

const Agents = RunDetail.shape.agents.catch(null);
/** A fork has taken them over with the state. */
const First = z.object({ agents: Agents, carry: z.object({ state: z.object({ agents: Agents }) }).optional() });

/** Of most runs it says nothing of them, and is not read. */
function agentsIn(first: string | null): RunDetail['agents'] {
  if (first?.includes('"agents":{') !== true) return null;
  const said = First.safeParse(JSON.parse(first));
  return said.success ? (said.data.agents ?? said.data.carry?.state.agents ?? null) : null;
}
