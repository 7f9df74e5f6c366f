import { isJsonObject, type Json, type JsonObject } from '@baton/asl';
import { commandIdOf, tokenMark } from '@baton/contracts';
import { hasTaskToken } from '../../document/resource.js';
import type { MapProgress } from '../../state/map-progress.js';
import type { StartedRun, VisitState } from '../../state/run-state.js';
import { definitionOf, frameOf, type Turn } from '../turn/turn.js';

/** What an item of a Map is: `Map.Item` of the context object. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
  /** Its name, where the items are the members of an object. */
  readonly key?: string | undefined;
}

/** One of the items of a Map, by its number. */
export const itemAt = ({ items, keys }: ItemList, index: number): MapItem => ({
  index,
  value: items[index] ?? null,
  key: keys?.[index],
});

/** What a frame of a Map is about that runs. */
const itemOf = (map: MapProgress, index: number): MapItem =>
  map.source === undefined ? itemAt(map, index) : { index, value: map.source.running.get(index)?.item ?? null };

/** What a Map works through: a list, or the members of an object. */
export interface ItemList {
  readonly items: readonly Json[];
  readonly keys?: readonly string[] | undefined;
}

/** The fields that say what a task is given: only there a task has a token, or rather what stands for it in the log. */
const ASKS: ReadonlySet<string> = new Set(['Arguments', 'Parameters']);

/** The context object of a visit: `$states.context` in JSONata, `$$` in JSONPath. */
export function contextOf(
  turn: Turn,
  visit: VisitState,
  item: MapItem | null = itemAround(turn, visit),
  field = '',
): JsonObject {
  const { workflow, input, startedAt } = turn.run;
  const state = definitionOf(turn, visit);
  const context: JsonObject = {
    Execution: {
      Id: turn.runId,
      Name: turn.runId,
      Input: input,
      // Definitions written for the service may ask for it; here a run has no rights of its own.
      RoleArn: 'baton',
      RedriveCount: turn.run.retryCount,
      ...(startedAt === null ? {} : { StartTime: startedAt }),
      ...redriven(turn.run),
    },
    StateMachine: { Id: `${workflow.name}@${workflow.version}`, Name: workflow.name },
    State: {
      Name: visit.state,
      ...(visit.enteredAt === null ? {} : { EnteredTime: visit.enteredAt }),
      ...(state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map'
        ? { RetryCount: visit.retries.reduce((sum, used) => sum + used, 0) }
        : {}),
    },
    ...(ASKS.has(field) && state.Type === 'Task' && hasTaskToken(state.Resource)
      ? { Task: { Token: tokenMark(commandIdOf(turn.runId, turn.run.nextCommand)) } }
      : {}),
    ...(turn.convergence?.visit === visit.visit ? { Convergence: turn.convergence.value } : {}),
  };
  const ofItem = item === null ? {} : { Map: { Item: itemContext(item) } };
  return { ...(turn.context === null ? context : laidOver(context, turn.context)), ...ofItem };
}

/** When a run that failed was taken up again. Engine 1 did not say, and what it decided is to be decided so again. */
const redriven = ({ retryCount, timedFrom, engine }: StartedRun): JsonObject =>
  retryCount === 0 || timedFrom === null || (engine?.version ?? 1) < 2 ? {} : { RedriveTime: timedFrom };

/** The members of the second win; objects in both are laid over each other. */
const laidOver = (below: JsonObject, over: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries({ ...below, ...over }).map(([name, value]): [string, Json] => {
      const before = Object.hasOwn(below, name) ? below[name] : undefined;
      return [name, isJsonObject(before) && isJsonObject(value) ? laidOver(before, value) : value];
    }),
  );

/** As the service has it: where the items are members of an object, their names, and that they come from the state's data. */
const itemContext = ({ index, value, key }: MapItem): JsonObject => ({
  Index: index,
  ...(key === undefined ? {} : { Key: key }),
  Value: value,
  ...(key === undefined ? {} : { Source: 'STATE_DATA' }),
});

/** The item of the innermost Map that a visit is inside of. */
function itemAround(turn: Turn, visit: VisitState): MapItem | null {
  for (let { parent } = frameOf(turn, visit.frame); parent !== null; ) {
    const around = turn.run.visits.get(parent.visit);
    if (around === undefined) return null;
    if (around.map !== null) return itemOf(around.map, parent.branch);
    parent = frameOf(turn, around.frame).parent;
  }
  return null;
}
