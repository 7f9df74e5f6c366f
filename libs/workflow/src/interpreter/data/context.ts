import type { Json, JsonObject } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { definitionOf, frameOf, type Turn } from '../turn/turn.js';

/** What an item of a Map is: `Map.Item` of the context object. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** The context object of a visit: `$states.context` in JSONata, `$$` in JSONPath. */
export function contextOf(turn: Turn, visit: VisitState, item: MapItem | null = itemAround(turn, visit)): JsonObject {
  const { workflow, input, startedAt } = turn.run;
  const state = definitionOf(turn, visit);
  return {
    Execution: {
      Id: turn.runId,
      Name: turn.runId,
      Input: input,
      // Definitions written for the service may ask for it; here a run has no rights of its own.
      RoleArn: 'baton',
      RedriveCount: turn.run.retryCount,
      ...(startedAt === null ? {} : { StartTime: startedAt }),
    },
    StateMachine: { Id: `${workflow.name}@${workflow.version}`, Name: workflow.name },
    State: {
      Name: visit.state,
      ...(visit.enteredAt === null ? {} : { EnteredTime: visit.enteredAt }),
      ...(state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map'
        ? { RetryCount: visit.retries.reduce((sum, used) => sum + used, 0) }
        : {}),
    },
    ...(turn.convergence?.visit === visit.visit ? { Convergence: turn.convergence.value } : {}),
    ...(item === null ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
  };
}

/** The item of the innermost Map that a visit is inside of. */
function itemAround(turn: Turn, visit: VisitState): MapItem | null {
  for (let { parent } = frameOf(turn, visit.frame); parent !== null; ) {
    const around = turn.run.visits.get(parent.visit);
    if (around === undefined) return null;
    if (around.map !== null) return { index: parent.branch, value: around.map.items[parent.branch] ?? null };
    parent = frameOf(turn, around.frame).parent;
  }
  return null;
}
