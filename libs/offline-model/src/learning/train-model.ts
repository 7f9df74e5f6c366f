import { z } from 'zod';
import { countsOf, isMissing, percent } from './count.js';
import { type Cell, Features, type Model, Row, type Rule } from './shapes.js';

export const TrainModel = z.object({ target: z.string(), features: Features, examples: z.array(Row) });

interface Candidate {
  readonly column: string;
  readonly rules: readonly Rule[];
  readonly otherwise: Cell;
}

/** As many as an answer may have: each row is measured with each rule. */
const MOST_RULES = 30;
/** Cutting at more places than this would only learn the examples by heart. */
const MOST_CUTS = 50;

/**
 * One-rule learning, really done: for each feature the best rules that use it alone, and of these the ones that are right
 * most often on the examples. Simple, but hard to beat on small tables.
 */
export function trainModel({ target, features, examples }: z.infer<typeof TrainModel>): Model {
  const rows = examples.filter((row) => !isMissing(row[target]));
  const labels = rows.map((row) => row[target] ?? null);
  const usual = countsOf(labels)[0]?.label ?? null;
  const nothing: Candidate = { column: '', rules: [], otherwise: usual };
  const candidates = features.features.flatMap(({ column, kind }) =>
    kind === 'number' ? cuts(column, rows, target, usual) : [values(column, rows, target, usual)],
  );
  const score = (candidate: Candidate): number =>
    rows.filter((row) => predict(candidate, row) === (row[target] ?? null)).length;
  const best = [nothing, ...candidates].reduce((one, other) => (score(other) > score(one) ? other : one));
  const share = rows.length === 0 ? 0 : score(best) / rows.length;
  const how =
    best.column === ''
      ? `No column tells ${target} better than its most frequent value does.`
      : `${best.column} alone tells ${target} best: it is right for ${percent(share)} of the ${rows.length} examples.`;
  return {
    rules: [...best.rules],
    otherwise: best.otherwise,
    summary: `${how} Learnt by the offline model, which tries every column by itself and is no language model.`,
  };
}

export function predict({ rules, otherwise }: Pick<Model, 'rules' | 'otherwise'> | Candidate, row: Row): Cell {
  const hit = rules.find((rule) => holds(rule, row[rule.column]));
  return hit === undefined ? otherwise : hit.predicts;
}

function holds({ operator, value }: Rule, cell: Cell | undefined): boolean {
  if (operator === 'is') return cell === value;
  if (typeof cell !== 'number' || typeof value !== 'number') return false;
  return operator === 'atLeast' ? cell >= value : cell < value;
}

const usualOf = (rows: readonly Row[], target: string, absent: Cell): Cell =>
  countsOf(rows.map((row) => row[target] ?? null))[0]?.label ?? absent;

/** A number, cut at each place between two values that occur. */
function cuts(column: string, rows: readonly Row[], target: string, usual: Cell): readonly Candidate[] {
  const numbers = rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []));
  const sorted = [...new Set(numbers)].sort((one, other) => one - other);
  const middles = sorted.slice(1).map((high, index) => rounded(sorted[index] ?? high, high));
  const step = Math.ceil(middles.length / MOST_CUTS);
  return middles
    .filter((_, index) => index % Math.max(1, step) === 0)
    .map((value) => {
      const above = rows.filter((row) => typeof row[column] === 'number' && row[column] >= value);
      const below = rows.filter((row) => typeof row[column] === 'number' && row[column] < value);
      const rules: Rule[] = [
        { column, operator: 'atLeast', value, predicts: usualOf(above, target, usual) },
        { column, operator: 'below', value, predicts: usualOf(below, target, usual) },
      ];
      return { column, rules, otherwise: usual };
    });
}

/** The middle, with no more digits than it takes to stay above the lower and not above the higher of the two. */
function rounded(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  for (let digits = 1; digits < 16; digits += 1) {
    const short = Number(middle.toPrecision(digits));
    if (short > low && short <= high) return short;
  }
  return high;
}

/** A category: for each of its values what is most frequent there. */
function values(column: string, rows: readonly Row[], target: string, usual: Cell): Candidate {
  const present = rows.map((row) => row[column] ?? null).filter((cell) => !isMissing(cell));
  const rules = countsOf(present).map(({ label }): Rule => {
    const there = rows.filter((row) => row[column] === label);
    return { column, operator: 'is', value: label, predicts: usualOf(there, target, usual) };
  });
  return { column, rules: rules.slice(0, MOST_RULES), otherwise: usual };
}
