import type { Mutant } from './mutants/mutant.js';
import { type SimulationResult, simulate } from './simulate.js';

/** A schedule that fails, and of which nothing can be left out. */
export interface Shrunk {
  readonly seed: number;
  readonly problem: string;
  /** The runs and the faults that it takes. */
  readonly only: readonly string[];
  /** It takes none of the different times that operations take. */
  readonly isEven: boolean;
  /** How many schedules were tried. */
  readonly tries: number;
}

/**
 * Leaves out of a failing schedule whatever can be left out: first the different times of all operations, then parts of what
 * happened, ever smaller ones, until each single one is needed. What is found need not fail in the same way as the whole.
 *
 * @returns null where the seed does not fail
 */
export async function shrink(seed: number, mutant: Mutant | null = null): Promise<Shrunk | null> {
  const whole = await simulate({ seed }, mutant);
  if (whole.problem === null) return null;
  let tries = 1;
  let found: SimulationResult & { readonly problem: string } = { ...whole, problem: whole.problem };
  let isEven = false;
  const fails = async (only: readonly string[], evenly: boolean): Promise<boolean> => {
    tries += 1;
    const result = await simulate({ seed, only: new Set(only), isEven: evenly }, mutant);
    if (result.problem === null) return false;
    found = { ...result, problem: result.problem };
    return true;
  };
  let only: readonly string[] = [...new Set(whole.faults)];
  isEven = await fails(only, true);
  let parts = 2;
  while (only.length > 0) {
    const smaller = await firstThatFails(withoutParts(only, parts), (some) => fails(some, isEven));
    if (smaller !== null) {
      only = smaller;
      parts = Math.max(2, parts - 1);
    } else if (parts >= only.length) break;
    else parts = Math.min(only.length, parts * 2);
  }
  // Few faults left, the times may be of no account.
  isEven ||= await fails(only, true);
  return { seed, problem: found.problem, only, isEven, tries };
}

/** The list without each of so many parts of it. */
function* withoutParts<T>(list: readonly T[], parts: number): Generator<readonly T[]> {
  const size = Math.ceil(list.length / parts);
  for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)];
}

async function firstThatFails<T>(
  candidates: Iterable<T>,
  fails: (candidate: T) => Promise<boolean>,
): Promise<T | null> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return null;
}
