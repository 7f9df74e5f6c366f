import { ErrorName, type Json, type JsonObject, placeResult, type State, utf8Length } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import type { Turn } from '../turn/turn.js';
import { type Evaluated, failureIn, payloadIn, queryIn, runtimeFailure } from './evaluation.js';

/*
 * The way of data through a state in JSONPath mode: InputPath, then Parameters; and of its result: ResultSelector,
 * Assign, ResultPath into the raw input, OutputPath. Everything reads the variables as they were on entry.
 */

/** What a state sees of its input. */
export async function inputOf(turn: Turn, visit: VisitState, state: State): Promise<Evaluated<Json>> {
  const path = state.InputPath;
  if (path === undefined || path === '$') return { ok: true, value: visit.input };
  return path === null ? { ok: true, value: {} } : queryIn(turn, visit, 'InputPath', path, visit.input);
}

/** What a Task or a Parallel is given. */
export async function parametersOf(
  turn: Turn,
  visit: VisitState,
  state: State & { readonly Parameters?: Json },
): Promise<Evaluated<Json>> {
  const input = await inputOf(turn, visit, state);
  if (!input.ok || state.Parameters === undefined) return input;
  return payloadIn(turn, visit, 'Parameters', state.Parameters, input.value);
}

/** The result of a state that has no task: what it sees of its input, or what a Pass makes of it. */
export async function ownResult(turn: Turn, visit: VisitState, state: State): Promise<Evaluated<Json>> {
  if (state.Type !== 'Pass') return inputOf(turn, visit, state);
  return state.Result === undefined ? parametersOf(turn, visit, state) : { ok: true, value: state.Result };
}

/** What becomes of a result: a catcher has some of these fields too. */
export interface Places {
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Assign?: JsonObject;
}

export async function pathResults(
  turn: Turn,
  visit: VisitState,
  from: Places,
  result: Json,
): Promise<Evaluated<{ readonly output: Json; readonly assign: JsonObject }>> {
  const selected: Evaluated<Json> =
    from.ResultSelector === undefined
      ? { ok: true, value: result }
      : await payloadIn(turn, visit, 'ResultSelector', from.ResultSelector, result);
  if (!selected.ok) return selected;
  const assigned: Evaluated<Json> =
    from.Assign === undefined
      ? { ok: true, value: {} }
      : await payloadIn(turn, visit, 'Assign', from.Assign, selected.value);
  if (!assigned.ok) return assigned;
  const placed = placeResult(from.ResultPath, visit.input, selected.value);
  if (placed === null) {
    const problem = `Unable to apply ResultPath '${from.ResultPath}' to the input.`;
    return { ok: false, failure: failureIn(visit, ErrorName.resultPathMatchFailure, problem) };
  }
  const output = await outputOf(turn, visit, from.OutputPath, placed.value);
  if (!output.ok) return output;
  if (from.ResultPath !== undefined && from.ResultPath !== null && isTooBig(turn, output.value)) {
    return { ok: false, failure: runtimeFailure(visit, 'The output of the state is too large.') };
  }
  return {
    ok: true,
    value: { output: output.value, assign: Object.fromEntries(Object.entries(assigned.value ?? {})) },
  };
}

async function outputOf(
  turn: Turn,
  visit: VisitState,
  path: string | null | undefined,
  value: Json,
): Promise<Evaluated<Json>> {
  if (path === undefined || path === '$') return { ok: true, value };
  return path === null ? { ok: true, value: {} } : queryIn(turn, visit, 'OutputPath', path, value);
}

/** Whether a value is beyond the limit that the hub runs under, if any. */
export function isTooLarge(turn: Turn, value: Json): boolean {
  if (turn.maxPayloadBytes === null) return false;
  const bytes = bytesOf(value);
  // It is written into the log, and looked at again on the way: a turn ends sooner with large values.
  turn.stepsLeft -= Math.ceil(bytes / 64);
  return bytes > turn.maxPayloadBytes;
}

// By value: a result is looked at when it comes and when its state is left with it, and is the same then.
const sizes = new WeakMap<object, number>();

function bytesOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return utf8Length(JSON.stringify(value));
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const bytes = utf8Length(JSON.stringify(value));
  sizes.set(value, bytes);
  return bytes;
}

/** Far more than any output that was meant, limit or not: putting a result into its own input doubles it each time. */
const MAX_VALUES = 4_000_000;

/** How many values there are, counted no further than the bound. Looking costs steps, so that a turn of it has an end. */
function isTooBig(turn: Turn, value: Json): boolean {
  let seen = 0;
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined && seen <= MAX_VALUES; next = waiting.pop()) {
    seen += typeof next === 'string' ? 1 + next.length / 8 : 1;
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) waiting.push(child);
  }
  turn.stepsLeft -= Math.ceil(seen / 16);
  return seen > MAX_VALUES;
}
