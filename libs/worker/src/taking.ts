import { toError } from '@baton/contracts';
import type { WorkerLog } from './task-handler.js';

/** How a worker takes tasks, as what consumes its queue can be told. */
interface Taking {
  /** Takes no more tasks; resolves when those in work have ended, however long they take. */
  readonly rest: () => Promise<void>;
  /** Takes tasks again. */
  readonly wake: () => void;
}

export interface Drain {
  /** Whether somebody wants that the worker takes no more tasks, as often as that is heard. */
  readonly want: (isWanted: boolean) => void;
  /** What consumes the queue is there. */
  readonly follow: (taking: Taking) => void;
}

/**
 * Lets a worker rest for as long as somebody wants it so. Awake again it may have as many tasks as before: so it wakes once those
 * that it had have ended.
 */
export function createDrain({
  draining,
  log,
}: {
  readonly draining: (isSo: boolean) => void;
  readonly log: WorkerLog;
}): Drain {
  let taking: Taking | null = null;
  let isWanted = false;
  let isResting = false;
  let isChanging = false;

  const change = async (): Promise<void> => {
    while (taking !== null && isWanted !== isResting) {
      isResting = isWanted;
      log.info({ isResting }, isResting ? 'draining, no more tasks are taken' : 'tasks are taken again');
      draining(isResting);
      if (!isResting) taking.wake();
      else await taking.rest().catch((thrown: unknown) => log.warn({ reason: toError(thrown).message }, 'not at rest'));
    }
    isChanging = false;
  };
  const look = (): void => {
    if (isChanging) return;
    isChanging = true;
    void change();
  };
  return {
    want: (is) => {
      isWanted = is;
      look();
    },
    follow: (given) => {
      taking = given;
      look();
    },
  };
}
