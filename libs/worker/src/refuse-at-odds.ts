import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, type WorkerAnnouncement } from '@baton/contracts';
import type { WorkerBefore } from '@baton/event-store';
import { explainOdds } from './schemas-at-odds.js';
import type { WorkerLog } from './task-handler.js';

/** A worker that lives says so every three seconds. */
const LOOK_EVERY_MS = 500;

export interface OddsPorts {
  /** Says that this worker is there, so that one that begins at the same moment sees it. */
  readonly announce: () => Promise<unknown>;
  /** Those of its kind that were there before. */
  readonly before: () => Promise<readonly WorkerBefore[]>;
  readonly refuse: (reason: string) => Promise<void>;
  readonly log: WorkerLog;
}

/**
 * Tasks of a kind go to any worker of it. So one that does not take what those take that are there, or gives something else,
 * does not begin: whoever was first goes on, and a run never gets to the other. One that was killed is waited for until it is
 * taken for gone.
 *
 * @throws BatonError `worker-at-odds`, where one of them is heard
 */
export async function refuseAtOdds(
  mine: Pick<WorkerAnnouncement, 'kind' | 'version' | 'input' | 'output'>,
  { announce, before, refuse, log }: OddsPorts,
): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    await announce();
    const odds = (await before()).flatMap((other) => {
      const reason = explainOdds(other, mine);
      return reason === null ? [] : [{ ...other, reason }];
    });
    if (odds.length === 0) return;
    const heard = odds.find(({ isHeard }) => isHeard);
    if (heard !== undefined) throw await refused(mine, heard, refuse);
    if (looks === 1) log.info({ kind: mine.kind }, 'waits for a worker of its kind that may be gone');
    await sleep(LOOK_EVERY_MS);
  }
}

const named = (version: string): string => (version === '' ? 'without a version' : `version ${version}`);

async function refused(
  { kind, version }: Pick<WorkerAnnouncement, 'kind' | 'version'>,
  other: WorkerBefore & { readonly reason: string },
  refuse: OddsPorts['refuse'],
): Promise<BatonError> {
  const what = `This worker of the kind “${kind}”, ${named(version)}, cannot work beside ${named(other.version)}`;
  await refuse(`worker-at-odds: ${what}: ${other.reason}.`);
  return new BatonError(`${what} on ${other.host} (process ${other.pid}): ${other.reason}.`, {
    code: 'worker-at-odds',
    next: 'Take what those take that are there and give what they give, or drain them first (`baton worker drain ID`), or give this one a kind of its own.',
  });
}
