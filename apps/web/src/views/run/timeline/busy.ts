import type { RunStory } from '../story/story.js';
import { type Interval, mergeIntervals } from './fold-gaps.js';

/** What a run is for is work; while people, signals and clocks are waited for, nothing is to be seen. */
const IS_WORK: ReadonlySet<string> = new Set(['task', 'run', 'advice']);

/** When something worked, merged. @param untilMs to where what is not over has come */
export function busyOf({ attempts }: RunStory, untilMs: number): readonly Interval[] {
  return mergeIntervals(
    attempts
      .filter(({ kind }) => IS_WORK.has(kind))
      .map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs ?? Math.max(untilMs, startMs) })),
  );
}
