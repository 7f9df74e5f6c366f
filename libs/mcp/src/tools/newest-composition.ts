import { GoalEstimate, JsonObject, WorkflowFinding } from '@baton/contracts';
import { z } from 'zod';
import type { ToolPorts } from '../tool.js';
import { outputsOf } from './task-outputs.js';

const PLANNER = 'baton:worker:planner';
const APPROVAL = 'baton:approval';

/** What the check of a composition gives where it may run. */
const Composed = z.looseObject({
  ok: z.literal(true),
  ref: z.string(),
  document: JsonObject,
  findings: z.array(WorkflowFinding).catch([]),
  cost: GoalEstimate.nullable().catch(null),
});
type Composed = z.output<typeof Composed>;
const Answered = z.looseObject({ decision: z.string() });

interface NewestComposition {
  readonly composed: Composed | null;
  /** A person asked for another one since, and none that may run came. */
  readonly isRefused: boolean;
  /** The run that it is a fork of, whose log had it. */
  readonly of: string | null;
  /** As `TaskOutputs` has it: a later composition is not known. */
  readonly readTo: number | null;
}

interface Origin {
  readonly runId: string;
  readonly version: number;
}

/** The last composition of a run of a goal that may run, also where a fork begins after it. */
export async function newestComposition(
  ports: Pick<ToolPorts, 'api'>,
  { runId, forkedFrom }: { readonly runId: string; readonly forkedFrom: Origin | null },
  signal: AbortSignal,
): Promise<NewestComposition> {
  const own = await newestIn(ports, { runId, version: Number.POSITIVE_INFINITY }, signal);
  let found = own;
  let of: string | null = null;
  let from = forkedFrom;
  // A fork may be of a fork.
  for (let depth = 0; found.composed === null && from !== null && depth < MOST_FORKS; depth += 1) {
    found = await newestIn(ports, from, signal);
    of = from.runId;
    if (found.composed !== null) break;
    const origin = await ports.api.get('/v1/runs/{id}', { params: { path: { id: from.runId } }, signal });
    from = origin.forkedFrom;
  }
  return {
    composed: found.composed,
    isRefused: found.composed !== null && (found.isRefused || own.isRefused),
    of: found.composed === null ? null : of,
    readTo: own.readTo ?? found.readTo,
  };
}

const MOST_FORKS = 10;

async function newestIn(ports: Pick<ToolPorts, 'api'>, { runId, version }: Origin, signal: AbortSignal) {
  const { outputs, readTo } = await outputsOf(ports, { runId, resources: [PLANNER, APPROVAL] }, signal);
  let composed: Composed | null = null;
  let isRefused = false;
  for (const { event, resource, output } of outputs) {
    if (event > version) break;
    if (resource === APPROVAL) {
      const { data: answer } = Answered.safeParse(output);
      isRefused ||= answer !== undefined && answer.decision !== 'approve';
      continue;
    }
    const { data: next } = Composed.safeParse(output);
    if (next === undefined) continue;
    composed = next;
    isRefused = false;
  }
  return { composed, isRefused, readTo: readTo !== null && readTo < version ? readTo : null };
}
