import { type EventView, Json } from '@baton/contracts';
import { z } from 'zod';
import type { ToolPorts } from '../tool.js';

/** One plan that a planner handed in, or that a person did for it. */
export interface PlanVersion {
  /** From 1. */
  readonly version: number;
  /** The event with which it came. */
  readonly event: number;
  readonly at: string;
  readonly plan: Json;
}

const PAGE = 200;
const MOST_PAGES = 20;
const PLANNER = 'baton:worker:planner';

const Asked = z.looseObject({ commandId: z.string(), resource: z.string() });
const Came = z.looseObject({ commandId: z.string(), output: Json });

/** The plans of a run, oldest first: what came of the tasks of its planners. */
export async function planVersions(
  { api }: Pick<ToolPorts, 'api'>,
  runId: string,
  signal: AbortSignal,
): Promise<readonly PlanVersion[]> {
  const planning = new Set<string>();
  const plans: PlanVersion[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { run: runId, type: ['TaskScheduled', 'TaskSucceeded'], limit: PAGE, cursor };
    const { events, next } = await api.get('/v1/events', { params: { query }, signal });
    for (const event of events) {
      const plan = planIn(event, planning);
      if (plan !== undefined)
        plans.push({ version: plans.length + 1, event: event.version, at: event.recordedAt, plan });
    }
    if (next === null) return plans;
    cursor = next;
  }
  return plans;
}

/** @param planning the tasks of planners so far, to which this one may be added */
function planIn({ type, data }: EventView, planning: Set<string>): Json | undefined {
  if (type === 'TaskScheduled') {
    const asked = Asked.safeParse(data);
    if (asked.success && asked.data.resource === PLANNER) planning.add(asked.data.commandId);
    return undefined;
  }
  const came = Came.safeParse(data);
  return came.success && planning.has(came.data.commandId) ? came.data.output : undefined;
}
