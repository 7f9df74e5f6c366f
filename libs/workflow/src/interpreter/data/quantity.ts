import { ErrorName, type Json, preview, type State } from '@baton/asl';
import type { VisitState } from '../../state/run-state.js';
import { queryLanguageOf, type Turn } from '../turn/turn.js';
import { type Evaluated, evaluateIn, failureIn, queryIn, runtimeFailure } from './evaluation.js';
import { inputOf } from './paths.js';

/** What a number in a field has to be. */
export interface Quantity {
  readonly fits: (value: number) => boolean;
  readonly named: string;
}

export const SECONDS: Quantity = {
  fits: (value) => Number.isInteger(value) && value >= 0 && value <= 99_999_999,
  named: 'a whole number of seconds from 0 to 99999999',
};
export const POSITIVE_SECONDS: Quantity = {
  fits: (value) => SECONDS.fits(value) && value > 0,
  named: 'a whole number of seconds from 1 to 99999999',
};
export const COUNT: Quantity = {
  fits: (value) => Number.isInteger(value) && value >= 0,
  named: 'a whole number from 0',
};
export const SIZE: Quantity = {
  fits: (value) => Number.isInteger(value) && value >= 1,
  named: 'a whole number from 1',
};
export const PERCENTAGE: Quantity = { fits: (value) => value >= 0 && value <= 100, named: 'a number from 0 to 100' };

/** The fields that hold a quantity, and those that hold the path to one. */
interface Holds {
  readonly [field: string]: unknown;
}

/**
 * The number in a field of a state: literal, by an expression (JSONata), or by the path in the field's `Path` twin
 * (JSONPath). Null where there is none.
 */
export async function quantityIn(
  turn: Turn,
  visit: VisitState,
  state: State,
  field: string,
  quantity: Quantity,
  holder: object = state,
): Promise<Evaluated<number | null>> {
  const fields: Holds = { ...holder };
  const literal = fields[field];
  const path = fields[`${field}Path`];
  if (typeof path === 'string' && queryLanguageOf(turn, visit, state) === 'JSONPath') {
    return byPath(turn, visit, state, `${field}Path`, path, quantity);
  }
  if (typeof literal !== 'string' && typeof literal !== 'number') return { ok: true, value: null };
  const evaluated = await evaluateIn(turn, visit, field, literal);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (typeof value === 'number' && quantity.fits(value)) return { ok: true, value };
  const problem = `The field '${field}' must be ${quantity.named}, but was ${shown(value)}.`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}

async function byPath(
  turn: Turn,
  visit: VisitState,
  state: State,
  field: string,
  path: string,
  quantity: Quantity,
): Promise<Evaluated<number>> {
  const input = await inputOf(turn, visit, state);
  if (!input.ok) return input;
  const found = await queryIn(turn, visit, field, path, input.value);
  if (!found.ok) return found;
  const { value } = found;
  const number = numberOf(value);
  if (number !== null && quantity.fits(number)) return { ok: true, value: number };
  const problem = `The ${field} field must refer to ${quantity.named}, but ${path} is ${shown(value)}.`;
  return { ok: false, failure: runtimeFailure(visit, problem) };
}

/** The recorded service takes a text that is a number for one where a path leads to it. */
function numberOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  const isNumeric = typeof value === 'string' && value.length <= 100 && /^[+-]?\d+(?:\.\d+)?$/.test(value);
  return isNumeric ? Number(value) : null;
}

const shown = (value: Json): string => preview(value, 1_000);
