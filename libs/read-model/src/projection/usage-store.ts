import { addMicroUsd, microUsdOf, storableText, type Usage } from '@baton/contracts';
import type { RunEvent } from '@baton/workflow';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import type { RunFacts } from '../run-view/run-fold.js';
import type { FoldedEvent } from './decision-store.js';

/*
 * What runs used, added up: event by event, each counted once since its page is folded once. A child run counts for itself: its
 * parent is told what it used, and would count it a second time.
 */

/** What some tasks came to. */
interface Sums {
  readonly tasks: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
  /** Tasks of which nobody knows what they cost. */
  readonly unpriced: number;
}

interface OfAgent extends Sums {
  readonly facts: RunFacts;
  readonly agent: string;
  /** Empty where none is named. */
  readonly model: string;
}

interface OfRun {
  readonly facts: RunFacts;
  readonly decisions: number;
  readonly escalations: number;
}

const NONE: Sums = { tasks: 0, inputTokens: 0, outputTokens: 0, microUsd: 0, unpriced: 0 };
const ADVISOR = 'advisor';

/** Writes what the events of a page say of what was used, and how runs came out: a statement or two for a page. */
export async function saveUsage(client: Connection, events: readonly FoldedEvent[]): Promise<void> {
  const agents = new Map<string, OfAgent>();
  const runs = new Map<string, OfRun>();
  for (const folded of events) {
    const task = taskOf(folded);
    if (task !== null) {
      const key = JSON.stringify([task.facts.runId, task.agent, task.model]);
      agents.set(key, { ...task, ...sumOf(agents.get(key) ?? NONE, task) });
    }
    if (task !== null || CHANGES.has(folded.event.type)) {
      const { runId } = folded.facts;
      runs.set(runId, withDecision(runs.get(runId), folded));
    }
  }
  if (runs.size > 0) await addToRuns(client, [...runs.values()], [...agents.values()]);
  if (agents.size > 0) await addToAgents(client, [...agents.values()]);
}

/** The events after which a run stands otherwise, beside those of tasks. */
const CHANGES: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'RunStarted',
  'RunForked',
  'RunPaused',
  'RunResumed',
  'RunRetried',
  'RunSucceeded',
  'RunFailed',
  'RunCancelled',
  'DecisionMade',
]);

/** The task that came back with the event; null where none of the run's own did. */
function taskOf({ event, facts, agent }: FoldedEvent): OfAgent | null {
  switch (event.type) {
    case 'TaskSucceeded':
    case 'TaskFailed':
      // What was said by its token is nobody's work: its worker's is told by itself.
      return agent === null || event.data.requestId !== undefined ? null : { facts, agent, ...settled(event.data) };
    case 'TaskSubmitted':
    case 'TaskAsked':
      // A child run, a lineage or a signal is nobody's task.
      return agent === null ? null : { facts, agent, ...settled(event.data) };
    case 'AdviceGiven':
    case 'AdviceFailed':
      return { facts, agent: ADVISOR, ...settled(event.data) };
    default:
      return null;
  }
}

function settled({
  usage,
  model = '',
}: {
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
}): Sums & { readonly model: string } {
  const { inputTokens, outputTokens, costUsd } = usage ?? { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  // No token of unknown price is no unknown price.
  const isUnpriced = costUsd === null && inputTokens + outputTokens > 0;
  const microUsd = costUsd === null ? 0 : microUsdOf(costUsd, 'up');
  return { model: storableText(model), tasks: 1, inputTokens, outputTokens, microUsd, unpriced: isUnpriced ? 1 : 0 };
}

const sumOf = (a: Sums, b: Sums): Sums => ({
  tasks: a.tasks + b.tasks,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  microUsd: addMicroUsd(a.microUsd, b.microUsd),
  unpriced: a.unpriced + b.unpriced,
});

function withDecision(before: OfRun | undefined, { event, facts }: FoldedEvent): OfRun {
  const { decisions, escalations } = before ?? { decisions: 0, escalations: 0 };
  if (event.type !== 'DecisionMade') return { facts, decisions, escalations };
  const isEscalated = event.data.decision.actionType === 'request_human';
  return { facts, decisions: decisions + 1, escalations: escalations + (isEscalated ? 1 : 0) };
}

async function addToRuns(client: Connection, runs: readonly OfRun[], agents: readonly OfAgent[]): Promise<void> {
  const used = new Map<string, Sums>();
  for (const task of agents) used.set(task.facts.runId, sumOf(used.get(task.facts.runId) ?? NONE, task));
  const sums = runs.map(({ facts }) => used.get(facts.runId) ?? NONE);
  const column = <T>(read: (run: OfRun) => T): readonly T[] => runs.map(read);
  const unnested = sql`select * from unnest(
    ${column(({ facts }) => facts.runId)}::uuid[],
    ${column(({ facts }) => facts.workflow)}::text[],
    ${column(({ facts }) => facts.status)}::text[],
    ${column(({ facts }) => facts.startedAt)}::timestamptz[],
    ${column(({ facts }) => facts.endedAt)}::timestamptz[],
    ${sums.map(({ tasks }) => tasks)}::int[],
    ${sums.map(({ inputTokens }) => inputTokens)}::bigint[],
    ${sums.map(({ outputTokens }) => outputTokens)}::bigint[],
    ${sums.map(({ microUsd }) => microUsd)}::bigint[],
    ${sums.map(({ unpriced }) => unpriced)}::int[],
    ${column(({ decisions }) => decisions)}::int[],
    ${column(({ escalations }) => escalations)}::int[],
    ${column(({ facts }) => roundsOf(facts))}::jsonb[])`;
  await readModel(client, 'add-run-usage')
    .insertInto('run_usage_view')
    .expression(unnested)
    .onConflict((conflict) =>
      conflict.column('run_id').doUpdateSet(({ ref }) => ({
        status: ref('excluded.status'),
        ended_at: ref('excluded.ended_at'),
        rounds: ref('excluded.rounds'),
        decisions: sql`run_usage_view.decisions + excluded.decisions`,
        escalations: sql`run_usage_view.escalations + excluded.escalations`,
        tasks: sql`run_usage_view.tasks + excluded.tasks`,
        input_tokens: sql`run_usage_view.input_tokens + excluded.input_tokens`,
        output_tokens: sql`run_usage_view.output_tokens + excluded.output_tokens`,
        cost_micro_usd: sql`run_usage_view.cost_micro_usd + excluded.cost_micro_usd`,
        unpriced: sql`run_usage_view.unpriced + excluded.unpriced`,
      })),
    )
    .execute();
}

async function addToAgents(client: Connection, tasks: readonly OfAgent[]): Promise<void> {
  const column = <T>(read: (task: OfAgent) => T): readonly T[] => tasks.map(read);
  const unnested = sql`select * from unnest(
    ${column(({ facts }) => facts.runId)}::uuid[],
    ${column(({ agent }) => agent)}::text[],
    ${column(({ model }) => model)}::text[],
    ${column(({ facts }) => facts.workflow)}::text[],
    ${column(({ facts }) => facts.startedAt)}::timestamptz[],
    ${column((task) => task.tasks)}::int[],
    ${column(({ inputTokens }) => inputTokens)}::bigint[],
    ${column(({ outputTokens }) => outputTokens)}::bigint[],
    ${column(({ microUsd }) => microUsd)}::bigint[],
    ${column(({ unpriced }) => unpriced)}::int[])`;
  await readModel(client, 'add-agent-usage')
    .insertInto('agent_usage_view')
    .expression(unnested)
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'agent', 'model']).doUpdateSet({
        tasks: sql`agent_usage_view.tasks + excluded.tasks`,
        input_tokens: sql`agent_usage_view.input_tokens + excluded.input_tokens`,
        output_tokens: sql`agent_usage_view.output_tokens + excluded.output_tokens`,
        cost_micro_usd: sql`agent_usage_view.cost_micro_usd + excluded.cost_micro_usd`,
        unpriced: sql`agent_usage_view.unpriced + excluded.unpriced`,
      }),
    )
    .execute();
}

/** Null where there is none; phases are named by people, and a name may hold what jsonb cannot. */
function roundsOf({ rounds }: RunFacts): string | null {
  const known = Object.entries(rounds).map(([phase, count]) => [storableText(phase), count]);
  return known.length === 0 ? null : JSON.stringify(Object.fromEntries(known));
}

export async function deleteUsage(client: Connection): Promise<void> {
  await readModel(client).deleteFrom('run_usage_view').execute();
  await readModel(client).deleteFrom('agent_usage_view').execute();
}
