import { createHash } from 'node:crypto';
import type { EvalSet, EvalTask } from './eval-set.js';

/** One run of an evaluation: a task, asked of a model in some variants of templates, for the nth time. */
export interface Cell {
  /** The same in every call of the same evaluation: it makes the run's request id, so that no run is begun twice. */
  readonly key: string;
  readonly task: EvalTask;
  /** null: as the services are set up. */
  readonly model: string | null;
  readonly variant: string;
  readonly templates: Readonly<Record<string, string>>;
  /** From 1. */
  readonly repetition: number;
}

export interface Matrix {
  readonly models: readonly (string | null)[];
  readonly variants: readonly string[];
  readonly repetitions: number;
}

/** The runs of an evaluation, each task for every model and variant before it is repeated: what is cut short is even. */
export function cellsOf({ tasks, variants, sha256 }: EvalSet, matrix: Matrix): readonly Cell[] {
  const cells: Cell[] = [];
  for (let repetition = 1; repetition <= matrix.repetitions; repetition += 1) {
    for (const task of tasks) {
      for (const model of matrix.models) {
        for (const variant of matrix.variants) {
          const words = JSON.stringify([sha256, task.id, model, variant, repetition]);
          const key = createHash('sha256').update(words).digest('hex').slice(0, 24);
          cells.push({ key, task, model, variant, templates: variants[variant] ?? {}, repetition });
        }
      }
    }
  }
  return cells;
}
