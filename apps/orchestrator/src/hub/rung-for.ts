import { RUNGS } from '@baton/contracts';

/** As many tasks as somebody may have out for a kind of worker before others are first. */
export const WITHIN_SHARE = 32;
/** Each rung is for so many times as much as the one before: up to 32, 256, 2,048, and all beyond. */
const WIDER = 8;

/** On which rung somebody's next task for a kind of worker stands, who has so many out. */
export function rungFor(out: number): number {
  let rung = 0;
  for (let most = WITHIN_SHARE; out >= most && rung < RUNGS - 1; most *= WIDER) rung += 1;
  return rung;
}
