import { BatonError } from '@baton/contracts';
import { type DecisionScope, decisionsOfNewest, projectedTo } from '@baton/read-model';
import type { Pool } from 'pg';

/** What somebody asks about. Everything in it crosses to a thread as it is. */
export interface AskedWindow {
  readonly workflow?: string | undefined;
  /** RFC 3339: decisions made, and runs begun, then or later. */
  readonly since?: string | undefined;
  /** And before. */
  readonly until: string;
  /** At most so many runs, the newest. */
  readonly runs: number;
}

/** What a question is answered with: the database, and a clock. */
export interface Ports {
  readonly pool: Pool;
  readonly nowMs: () => number;
}

const MOST_DECISIONS = 50_000;
const MOST_MS = 90_000;

/** It would take longer than anybody should wait, and than the database should work for one who does. */
export class TooMuchToRead extends BatonError {
  constructor() {
    super(`To look at all of that takes more than ${MOST_MS / 1_000} s.`, {
      code: 'too-much-to-read',
      next: 'Ask for fewer runs, for a later beginning, or for one workflow.',
    });
  }
}

/** Throws once the time is over. @throws TooMuchToRead */
export function deadlineOf({ nowMs }: Ports): () => void {
  const endMs = nowMs() + MOST_MS;
  return () => {
    if (nowMs() >= endMs) throw new TooMuchToRead();
  };
}

/**
 * Until where the views have come, at most: what they do not have yet cannot be looked at, and whoever tries a policy later would
 * count it. Where they have not come as far as the beginning nothing is looked at, and the window ends where it begins.
 */
export async function asFarAsSeen<Asked extends AskedWindow>({ pool }: Ports, asked: Asked): Promise<Asked> {
  const seen = await projectedTo(pool);
  if (seen === null) return asked;
  const until = Math.max(seen.getTime(), asked.since === undefined ? 0 : Date.parse(asked.since));
  return Date.parse(asked.until) <= until ? asked : { ...asked, until: new Date(until).toISOString() };
}

/** The decisions that are looked at: with this scope a back-test finds the very same ones. */
export async function decisionScope(
  { pool }: Ports,
  { workflow, since, until, runs }: AskedWindow,
): Promise<{ readonly scope: DecisionScope & { readonly until: string }; readonly isCut: boolean }> {
  const asked = { workflow, since, until };
  const found = await decisionsOfNewest(pool, asked, { runs, decisions: MOST_DECISIONS });
  return { scope: { ...asked, since: found.since ?? undefined }, isCut: found.isCut };
}
