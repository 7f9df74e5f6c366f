const FIRST_MS = 200;
const MOST_MS = 5_000;

/** A service that lived this long after it was ready was well: its next death starts over with the shortest pause. */
export const HEALTHY_MS = 30_000;

/** Deaths in a row without ever being ready after which a service is given up. */
export const BOOT_DEATHS = 5;

/** The pause before restart number `restarts`, from 0: 0.2 s, doubling, 5 s at most. */
export const backoffMs = (restarts: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(restarts, 20));

/** What the supervisor remembers of a service from one life to the next. */
export interface History {
  readonly restarts: number;
  readonly bootDeaths: number;
}

export const NO_HISTORY: History = { restarts: 0, bootDeaths: 0 };

export interface Life {
  /** How long it lived after it was ready; null when it never was. */
  readonly readyMs: number | null;
  /** What it needs went away meanwhile: its death is no fault of its own. */
  readonly wasExcused: boolean;
}

export type Verdict =
  | { readonly action: 'restart'; readonly afterMs: number; readonly history: History }
  | { readonly action: 'give-up' };

/** What to do after a life has ended. */
export function judge(history: History, life: Life): Verdict {
  const failedAtBoot = life.readyMs === null && !life.wasExcused;
  const bootDeaths = failedAtBoot ? history.bootDeaths + 1 : life.readyMs === null ? history.bootDeaths : 0;
  if (bootDeaths >= BOOT_DEATHS) return { action: 'give-up' };
  const restarts = (life.readyMs ?? 0) >= HEALTHY_MS ? 0 : history.restarts;
  return { action: 'restart', afterMs: backoffMs(restarts), history: { restarts: restarts + 1, bootDeaths } };
}
