import type { NumericColumn, NumericImputation, Scaling } from './config.ts';
import { PreprocessingError } from './errors.ts';

/** What was learned about a numeric column. A value becomes (value - center) / spread, or 0 where spread is 0. */
export interface NumericParameters {
  readonly name: string;
  readonly type: 'numeric';
  /** What a missing value becomes; null: missing values are an error. */
  readonly fill: number | null;
  readonly scale: Scaling;
  readonly center: number;
  readonly spread: number;
}

/** A value is null where it is missing. */
export type NumericValues = readonly (number | null)[];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;

/** Reads the fields of a column. Throws `not-a-number` or `not-finite`, naming column and row. */
export function parseNumbers(name: string, fields: readonly string[], missing: readonly string[]): NumericValues {
  return fields.map((field, index) => {
    if (missing.includes(field)) return null;
    const trimmed = field.trim();
    const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
    if (Number.isFinite(value)) return value;
    const isNumber = NUMBER.test(trimmed) || NOT_FINITE.test(trimmed);
    throw new PreprocessingError(
      isNumber ? 'not-finite' : 'not-a-number',
      `Column "${name}", row ${index + 1}: "${field}" is not a ${isNumber ? 'finite ' : ''}number.`,
    );
  });
}

/** Learns fill value and scale of a column. */
export function learnNumeric(column: NumericColumn, values: NumericValues): NumericParameters {
  const { name, impute, scale } = column;
  const fill = learnFill(name, impute, values);
  const scaling = learnScaling(filled(name, fill, values), scale);
  if (
    !Number.isFinite(scaling.center) ||
    !Number.isFinite(scaling.spread) ||
    (fill !== null && !Number.isFinite(fill))
  ) {
    throw new PreprocessingError('not-finite', `Column "${name}": the values are too large to compute with.`);
  }
  return { name, type: 'numeric', fill, scale, ...scaling };
}

/** Applies what was learned. Nothing here depends on the other values of the batch. */
export function applyNumeric(parameters: NumericParameters, values: NumericValues): readonly number[] {
  const numbers = filled(parameters.name, parameters.fill, values);
  const { center, spread } = parameters;
  return numbers.map((value, index) => {
    const scaled = spread === 0 ? 0 : (value - center) / spread;
    if (Number.isFinite(scaled)) return scaled;
    throw new PreprocessingError(
      'not-finite',
      `Column "${parameters.name}", row ${index + 1}: ${value} is too large to scale.`,
    );
  });
}

function learnFill(name: string, impute: NumericImputation, values: NumericValues): number | null {
  if (impute === 'none') return null;
  if (typeof impute === 'object') return impute.constant;
  const present = values.filter((value) => value !== null);
  if (present.length === 0) {
    throw new PreprocessingError('nothing-to-learn', `Column "${name}" has no value to learn the ${impute} from.`);
  }
  switch (impute) {
    case 'mean':
      return mean(present);
    case 'median':
      return median(present);
    case 'most-frequent':
      return mostFrequent(present);
  }
}

function filled(name: string, fill: number | null, values: NumericValues): readonly number[] {
  return values.map((value, index) => {
    const number = value ?? fill;
    if (number !== null) return number;
    throw new PreprocessingError(
      'missing-value',
      `Column "${name}", row ${index + 1}: the value is missing, and the column has no imputation.`,
    );
  });
}

function learnScaling(values: readonly number[], scale: Scaling): { readonly center: number; readonly spread: number } {
  switch (scale) {
    case 'none':
      return { center: 0, spread: 1 };
    case 'standard': {
      const center = mean(values);
      return { center, spread: isConstant(values) ? 0 : Math.sqrt(mean(values.map((value) => (value - center) ** 2))) };
    }
    case 'min-max': {
      const center = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
      const greatest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      return { center, spread: greatest - center };
    }
  }
}

/** Asked directly: the rounded mean of equal values can differ from them, and would give a tiny spread instead of none. */
const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle value, or the mean of the two middle ones. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return mean(middle);
}

/** The value that occurs most often; of several the smallest, so that the order of the rows does not matter. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || a - b);
  return first?.[0] ?? 0;
}
