import type { CatalogEntry } from '@baton/catalog';
import {
  COMPOSED_NAME,
  GOAL_WORKFLOW,
  type GoalCandidateWorkflow,
  type GoalCatalog,
  type GoalWorker,
  type JsonObject,
  type PastUse,
  takesTasks,
  type UsageGroup,
  type WorkerView,
} from '@baton/contracts';
import { nearestFirst, slimSchema } from '@baton/goals';
import { expectWorkflow, listWorkers, sumUsage, TooMuchToAdd } from '@baton/read-model';
import { runScopeOf } from '../auth/caller.js';
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
/** Of these for workers: however many there are and however much they say, there is room for workflows. */
const MOST_OF_WORKERS = 45_000;
/** Of one kind: who says more of what it takes is listed without it, and is not called unasked. */
const MOST_OF_A_WORKER = 12_000;
const MOST_DESCRIPTION = 600;

/**
 * How long a kind may be silent and is composed of all the same. One that was killed, or whose gateway was, is back within that, and
 * its tasks wait for it; a goal that is refused does not.
 */
const GONE_AFTER_MS = 120_000;

/** Asked at decision points whatever the document says; nothing waits for it that need not. */
const ADVISOR = 'advisor';

export async function goalCatalog(parts: GatewayParts, goal: string): Promise<GoalCatalog> {
  const names = workflowsAllowed(parts);
  const isAllowed = (name: string): boolean => names === null || names.has(name);
  const [{ workflows }, workers, past] = await Promise.all([
    parts.catalog.list((name) => name !== GOAL_WORKFLOW && !COMPOSED_NAME.test(name) && isAllowed(name)),
    listWorkers(parts.pool, GONE_AFTER_MS),
    pastUses(parts),
  ]);
  const alive = new Set(workers.filter(takesTasks).map(({ kind }) => kind));
  const candidates = newestOfEach(workflows).map((entry) => toCandidate(entry, alive, past.workflows));
  // What a workflow has its workers do is for whoever wrote it to say: who is for certain workflows asks no worker for something else.
  const kinds = names === null ? [...Map.groupBy(workers, ({ kind }) => kind).values()] : [];
  const said = kinds.flatMap((ofKind) => toWorker(ofKind, past.agents));
  const nearest = withExpected(parts, nearestFirst(goal, candidates).slice(0, MOST_WORKFLOWS));
  return bounded({ workers: nearestWorkers(goal, said), workflows: await nearest, count: candidates.length });
}

/** A kind that takes tasks at the moment before one that does not. */
function nearestWorkers(goal: string, workers: readonly GoalWorker[]): readonly GoalWorker[] {
  const named = workers.map((worker) => ({ worker, ref: worker.kind, title: '', description: worker.description }));
  return nearestFirst(goal, named)
    .map(({ worker }) => worker)
    .toSorted((a, b) => Number(b.isAlive) - Number(a.isAlive));
}

/** What runs of each are expected to cost, from those that whoever asks may see; nothing where too few have ended. */
async function withExpected(
  { pool, caller }: GatewayParts,
  workflows: readonly GoalCandidateWorkflow[],
): Promise<readonly GoalCandidateWorkflow[]> {
  const scope = runScopeOf(caller());
  const made: GoalCandidateWorkflow[] = [];
  for (const workflow of workflows) {
    const [name = '', version = null] = workflow.ref.split('@');
    // What has no past has no history.
    const found =
      workflow.past === null ? null : await expectWorkflow(pool, { workflow: name, version, inputBytes: null }, scope);
    const costs = found?.status === 'known' ? found : null;
    if (costs === null || costs.costUsd === null) made.push(workflow);
    else {
      const { p50, p90 } = costs.costUsd;
      made.push({ ...workflow, expected: { p50, p90, sampleSize: costs.costSampleSize } });
    }
  }
  return made;
}

/** A credential for certain workflows composes of no others; null where it is for all. */
function workflowsAllowed({ caller }: Pick<GatewayParts, 'caller'>): ReadonlySet<string> | null {
  const { scopes } = caller();
  if (scopes === null || scopes.some(({ workflows }) => workflows === undefined)) return null;
  return new Set(scopes.flatMap(({ workflows = [] }) => workflows));
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
  const slim = (schema: JsonObject | null, most: number) => {
    const made = schema === null ? null : slimSchema(schema);
    return JSON.stringify(made).length > most ? null : made;
  };
  const isAlive = ofKind.some(takesTasks);
  const schemas = { input: slim(input, MOST_OF_A_WORKER), output: slim(output, MOST_OF_A_WORKER / 2) };
  return [
    { kind, description: description.slice(0, MOST_DESCRIPTION), isAlive, ...schemas, past: past.get(kind) ?? null },
  ];
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

interface Unbounded {
  readonly workers: readonly GoalWorker[];
  readonly workflows: readonly GoalCandidateWorkflow[];
  /** Of the workflows there are, of which these are the nearest. */
  readonly count: number;
}

/** What is furthest from the goal is left off first. */
function bounded({ workers, workflows, count }: Unbounded): GoalCatalog {
  const ofWorkers = within(workers.slice(0, MOST_WORKERS), MOST_OF_WORKERS);
  const kept = within(workflows, MOST_CHARACTERS - JSON.stringify(ofWorkers).length);
  const workersLeftOff = workers.length - ofWorkers.length;
  return {
    workers: ofWorkers,
    workflows: kept,
    leftOff: count - kept.length,
    ...(workersLeftOff === 0 ? {} : { workersLeftOff }),
  };
}

/** Those that fit, in their order; a large one leaves room to those after it. */
function within<T>(list: readonly T[], most: number): T[] {
  let left = most;
  return list.filter((each) => {
    const size = JSON.stringify(each).length + 1;
    if (size > left) return false;
    left -= size;
    return true;
  });
}
