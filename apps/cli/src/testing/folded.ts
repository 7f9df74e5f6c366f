import type { EventView } from '@baton/contracts';
import { evolveProgress } from '../progress/evolve-progress.js';
import { linesOf } from '../progress/lines.js';
import type { Progress } from '../progress/progress.js';

/** What is known of a run after these events. */
export function fold(list: readonly EventView[]): Progress {
  const progress = list.reduce<Progress | null>(evolveProgress, null);
  if (progress === null) throw new Error('nothing was folded');
  return progress;
}

/** The lines that follow the run in a pipe, of all these events. */
export function linesFor(list: readonly EventView[]): readonly string[] {
  let progress: Progress | null = null;
  return list.flatMap((each) => {
    const after = evolveProgress(progress, each);
    const lines = linesOf(each, progress, after);
    progress = after;
    return lines;
  });
}
