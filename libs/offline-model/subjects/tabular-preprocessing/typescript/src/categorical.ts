import type { CategoricalColumn, CategoricalImputation, Encoding, UnseenPolicy } from './config.ts';
import { PreprocessingError } from './errors.ts';

/** What was learned about a categorical column. */
export interface CategoricalParameters {
  readonly name: string;
  readonly type: 'categorical';
  /** What a missing value becomes; null: missing values are an error. */
  readonly fill: string | null;
  readonly encode: Encoding;
  readonly unseen: UnseenPolicy;
  /** In the order of their codes. */
  readonly categories: readonly string[];
}

/** A value is null where it is missing. */
export type CategoricalValues = readonly (string | null)[];

export const parseCategories = (fields: readonly string[], missing: readonly string[]): CategoricalValues =>
  fields.map((field) => (missing.includes(field) ? null : field));

/** Learns fill value and categories of a column. */
export function learnCategorical(column: CategoricalColumn, values: CategoricalValues): CategoricalParameters {
  const { name, encode, unseen } = column;
  const fill = learnFill(name, column.impute, values);
  const seen = filled(name, fill, values);
  const categories = column.order ?? [...new Set(seen)].toSorted(byCodeUnit);
  const known = new Set(categories);
  seen.forEach((category, index) => {
    if (!known.has(category)) {
      throw new PreprocessingError(
        'unseen-category',
        `Column "${name}", row ${index + 1}: "${category}" is not in the configured order.`,
      );
    }
  });
  return { name, type: 'categorical', fill, encode, unseen, categories };
}

/** The names of the output columns: one a category, or the column's own. */
export function categoricalOutputs({ name, encode, categories }: CategoricalParameters): readonly string[] {
  return encode === 'ordinal' ? [name] : categories.map((category) => `${name}=${category}`);
}

/** Applies what was learned: for each value its numbers, one an output column. */
export function applyCategorical(
  parameters: CategoricalParameters,
  values: CategoricalValues,
): readonly (readonly number[])[] {
  const { name, encode, categories } = parameters;
  const codes = new Map(categories.map((category, code) => [category, code]));
  return filled(name, parameters.fill, values).map((category, index) => {
    const code = codes.get(category) ?? unseenCode(parameters, category, index);
    return encode === 'ordinal' ? [code] : categories.map((_, position) => (position === code ? 1 : 0));
  });
}

const IGNORED = -1;

function unseenCode({ name, unseen }: CategoricalParameters, category: string, index: number): number {
  switch (unseen) {
    case 'ignore':
      return IGNORED;
    case 'error':
      throw new PreprocessingError(
        'unseen-category',
        `Column "${name}", row ${index + 1}: the category "${category}" was not seen in training.`,
      );
  }
}

function learnFill(name: string, impute: CategoricalImputation, values: CategoricalValues): string | null {
  if (impute === 'none') return null;
  if (typeof impute === 'object') return impute.constant;
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || byCodeUnit(a, b));
  if (first !== undefined) return first[0];
  throw new PreprocessingError(
    'nothing-to-learn',
    `Column "${name}" has no value to learn the most frequent one from.`,
  );
}

function filled(name: string, fill: string | null, values: CategoricalValues): readonly string[] {
  return values.map((value, index) => {
    const category = value ?? fill;
    if (category !== null) return category;
    throw new PreprocessingError(
      'missing-value',
      `Column "${name}", row ${index + 1}: the value is missing, and the column has no imputation.`,
    );
  });
}

/** The same order on every machine: a locale would not be. */
const byCodeUnit = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
