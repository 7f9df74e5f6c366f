import type { Json } from '@baton/contracts';
import type { ToolPorts } from '../tool.js';
import { outputsOf } from './task-outputs.js';

/** One plan that a planner handed in, or that a person did for it. */
interface PlanVersion {
  /** From 1. */
  readonly version: number;
  /** The event with which it came. */
  readonly event: number;
  readonly at: string;
  readonly plan: Json;
}

interface PlanVersions {
  readonly versions: readonly PlanVersion[];
  /** As `TaskOutputs` has it: a later plan is not among them. */
  readonly readTo: number | null;
}

const PLANNER = 'baton:worker:planner';

/** The plans of a run, oldest first: what came of the tasks of its planners. */
export async function planVersions(
  ports: Pick<ToolPorts, 'api'>,
  runId: string,
  signal: AbortSignal,
): Promise<PlanVersions> {
  const { outputs, readTo } = await outputsOf(ports, { runId, resources: [PLANNER] }, signal);
  return {
    versions: outputs.map(({ output, event, at }, index) => ({ version: index + 1, event, at, plan: output })),
    readTo,
  };
}
