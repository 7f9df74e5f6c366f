import type { CatalogEntry } from '@baton/catalog';
import {
  COMPOSED_NAME,
  GOAL_WORKFLOW,
  type GoalCandidateWorkflow,
  type GoalCatalog,
  type GoalWorker,
  type JsonObject,
  type PastUse,
  type UsageGroup,
  type WorkerView,
} from '@baton/contracts';
import { nearestFirst, slimSchema } from '@baton/goals';
import { listWorkers, sumUsage, TooMuchToAdd } from '@baton/read-model';
import type { GatewayParts } from '../parts/parts.js';
import { workerKindsOf } from '../queues/worker-kinds.js';

/*
 * What there is to compose of, at this moment and for whoever asks. It goes into the first event of the run that composes, so
 * that its log says all that decided; and so it is bounded.
 */

const PAST_DAYS = 90;
const MOST_WORKERS = 100;
const MOST_WORKFLOWS = 60;
/** Of the catalog as JSON: the arguments of a task hold it, beside what they are about. */
const MOST_CHARACTERS = 90_000;
const MOST_DESCRIPTION = 600;

/** Asked at decision points whatever the document says; nothing waits for it that need not. */
const ADVISOR = 'advisor';

export async function goalCatalog(parts: GatewayParts, goal: string): Promise<GoalCatalog> {
  const isAllowed = allowedTo(parts);
  const [{ workflows }, workers, past] = await Promise.all([
    parts.catalog.list((name) => name !== GOAL_WORKFLOW && !COMPOSED_NAME.test(name) && isAllowed(name)),
    listWorkers(parts.pool),
    pastUses(parts),
  ]);
  const alive = new Set(workers.filter(takesTasks).map(({ kind }) => kind));
  const candidates = newestOfEach(workflows).map((entry) => toCandidate(entry, alive, past.workflows));
  const kinds = [...Map.groupBy(workers, ({ kind }) => kind).values()]
    .slice(0, MOST_WORKERS)
    .flatMap((ofKind) => toWorker(ofKind, past.agents));
  return bounded({ workers: kinds, workflows: [...nearestFirst(goal, candidates)], leftOff: 0 });
}

const takesTasks = ({ status, isDraining }: WorkerView): boolean => status === 'alive' && !isDraining;

/** A credential for certain workflows composes of no others. */
function allowedTo({ caller }: Pick<GatewayParts, 'caller'>): (workflow: string) => boolean {
  const { scopes } = caller();
  if (scopes === null || scopes.some(({ workflows }) => workflows === undefined)) return () => true;
  const names = new Set(scopes.flatMap(({ workflows = [] }) => workflows));
  return (workflow) => names.has(workflow);
}

/** The list has them by name, newest first. */
function newestOfEach(entries: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ document: { name } }) => !seen.has(name) && seen.add(name));
}

function toCandidate(
  { document, sha256 }: CatalogEntry,
  alive: ReadonlySet<string>,
  past: ReadonlyMap<string, PastUse>,
): GoalCandidateWorkflow {
  const { name, version, title, description = '', input, budget } = document;
  return {
    ref: `${name}@${version}`,
    sha256,
    title,
    description: description.slice(0, MOST_DESCRIPTION),
    input: input === undefined ? null : slimSchema(input),
    lacksWorkers: workerKindsOf([document]).filter((kind) => kind !== ADVISOR && !alive.has(kind)),
    budgetUsd: budget?.usd ?? null,
    past: past.get(name) ?? null,
  };
}

/** A kind as the worker says of itself that is there now, or was there last. */
function toWorker(ofKind: readonly WorkerView[], past: ReadonlyMap<string, PastUse>): readonly GoalWorker[] {
  const said = ofKind.find(takesTasks) ?? ofKind[0];
  if (said === undefined) return [];
  const { kind, description, input, output } = said;
  const slim = (schema: JsonObject | null) => (schema === null ? null : slimSchema(schema));
  const isAlive = ofKind.some(takesTasks);
  return [{ kind, description, isAlive, input: slim(input), output: slim(output), past: past.get(kind) ?? null }];
}

/** What runs and tasks of the last months used. Where that takes too long to add up, nothing is known of it. */
async function pastUses({ pool, nowMs }: Pick<GatewayParts, 'pool' | 'nowMs'>) {
  const since = new Date(nowMs() - PAST_DAYS * 86_400_000).toISOString();
  const sum = async (by: 'workflow' | 'agent') => {
    const { groups } = await sumUsage(pool, by, { since }, 'UTC').catch((thrown: unknown) => {
      if (thrown instanceof TooMuchToAdd) return { groups: [] };
      throw thrown;
    });
    return new Map(groups.flatMap((group) => (group.key === null ? [] : [[group.key, toPast(group, by)] as const])));
  };
  const [workflows, agents] = await Promise.all([sum('workflow'), sum('agent')]);
  return { workflows, agents };
}

const toPast = (
  { runs, tasks, knownCostUsd, unpriced, inputTokens, outputTokens }: UsageGroup,
  by: 'workflow' | 'agent',
): PastUse => {
  const count = by === 'workflow' ? runs : tasks;
  // Of a run of which one task has no price the cost is not known.
  return { count, usd: knownCostUsd, unpriced: Math.min(unpriced, count), tokens: inputTokens + outputTokens };
};

/** The workflows that are furthest from the goal are left off first. */
function bounded(catalog: GoalCatalog): GoalCatalog {
  const { workers, workflows } = catalog;
  let left = MOST_CHARACTERS - JSON.stringify(workers).length;
  const kept = workflows.slice(0, MOST_WORKFLOWS).filter((each) => {
    left -= JSON.stringify(each).length;
    return left >= 0;
  });
  return { workers, workflows: kept, leftOff: workflows.length - kept.length };
}
