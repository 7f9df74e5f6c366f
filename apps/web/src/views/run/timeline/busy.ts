import type { RunStory } from '../story/story.js';
import { type Interval, mergeIntervals } from './fold-gaps.js';

/** What a run is for is work; while people, signals and clocks are waited for, nothing is to be seen. */
const IS_WORK: ReadonlySet<string> = new Set(['task', 'run', 'advice']);

/**
 * When something worked, merged; in a run of which nothing is work, when anything was waited for.
 *
 * @param untilMs to where what is not over has come
 */
export function busyOf({ attempts }: RunStory, untilMs: number): readonly Interval[] {
  const work = attempts.filter(({ kind }) => IS_WORK.has(kind));
  return mergeIntervals(
    (work.length === 0 ? attempts : work).map(({ startMs, endMs }) => ({
      fromMs: startMs,
      toMs: endMs ?? Math.max(untilMs, startMs),
    })),
  );
}
