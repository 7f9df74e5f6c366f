import type { RuleView } from '@baton/contracts';
import { afterQuiet } from '@baton/schedules';

const MINUTE_MS = 60_000;

/** When a rule tells what happens at a moment: with all else of the same digest, and not while it is quiet. Milliseconds. */
export function whenTold(
  momentMs: number,
  { digestMinutes, quiet }: Pick<RuleView, 'digestMinutes' | 'quiet'>,
): number {
  const digestMs = digestMinutes * MINUTE_MS;
  const together = digestMs === 0 ? momentMs : (Math.floor(momentMs / digestMs) + 1) * digestMs;
  return quiet === null ? together : afterQuiet(together, quiet);
}
