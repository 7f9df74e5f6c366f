import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANNOUNCE_EVERY_MS,
  type JsonObject,
  PROTOCOL_VERSION,
  type Task,
  toError,
  type WorkerAnnouncement,
} from '@baton/contracts';
import type { WorkerLog } from './task-handler.js';

/*
 * A worker says that it lives, what it is, and what it has in work: every few seconds, and soon after it took a task. Who
 * waits for a run sees by it who is at it, and that nobody is. It is no heartbeat of a task: nothing is decided by it.
 */

/** How soon a task that was taken is told of. */
const SOON_MS = 400;
/** A task that is done sooner is never told of: there may be hundreds of those a second. */
const TOLD_FROM_MS = 100;
/** Of a worker that could not speak for long the newest are told. */
const MOST_TASKS = 1_000;
const STOP_PATIENCE_MS = 500;
const MAX_NOTE_LENGTH = 500;

/** What does not change while a worker lives. */
export interface WorkerFacts {
  readonly kind: string;
  readonly description: string;
  readonly version: string;
  readonly concurrency: number;
  /** How many tasks it takes as one job; 1: it takes no bundles. */
  readonly bundle: number;
  readonly hasOwnDoor: boolean;
  readonly looksAtRungs: boolean;
  /** JSON Schemas of its arguments and its output; null where it has none to show. */
  readonly input: JsonObject | null;
  readonly output: JsonObject | null;
}

export interface AnnouncerPorts {
  /** Gives whether somebody wants that the worker takes no more tasks. */
  readonly send: (announcement: WorkerAnnouncement) => Promise<boolean>;
  /** Called with that after each announcement. */
  readonly onDrainWanted: (isWanted: boolean) => void;
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
  /** A clock that only goes forward. */
  readonly monotonicMs: () => number;
  readonly log: WorkerLog;
}

export interface Announcer {
  /** A task is in work, until the function that is given back is called. */
  readonly begin: (task: Pick<Task, 'commandId' | 'state' | 'dispatchNo'>) => () => void;
  /** The work of a task gave a sign of life, with a word about how far it is. */
  readonly note: (commandId: string, progress?: string) => void;
  /** Says at once that the worker takes no more tasks and ends those that it has, or that it takes some again. */
  readonly draining: (isDraining: boolean) => void;
  /** Says that the worker takes no more tasks, and says no more. */
  readonly stop: () => Promise<void>;
}

interface InWork {
  readonly ordinal: number;
  readonly commandId: string;
  readonly state: string;
  readonly dispatchNo: number;
  readonly begunMs: number;
  endedMs: number | null;
  beatMs: number | null;
  note: string | null;
}

/** Announces the worker at once, and then as long as it lives. What cannot be sent is not missed: the next one says it all. */
export function createAnnouncer(facts: WorkerFacts, ports: AnnouncerPorts): Announcer {
  const { send, onDrainWanted, workerId, host, pid, monotonicMs, log } = ports;
  const inWork = new Set<InWork>();
  let ended: readonly InWork[] = [];
  let count = 0;
  let dueMs = 0;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;
  let isDraining = false;
  let isStopped = false;

  const announcement = (): WorkerAnnouncement => {
    const nowMs = monotonicMs();
    const tasks = [...inWork, ...ended].slice(0, MOST_TASKS).map(({ begunMs, endedMs, beatMs, ...task }) => ({
      ...task,
      begunMsAgo: nowMs - begunMs,
      endedMsAgo: endedMs === null ? null : nowMs - endedMs,
      beatMsAgo: beatMs === null ? null : nowMs - beatMs,
    }));
    return { v: PROTOCOL_VERSION, workerId, host, pid, ...facts, tasks, isDraining, isStopped };
  };
  const announce = async (): Promise<void> => {
    const told = ended;
    try {
      const isDrainWanted = await send(announcement());
      if (!isStopped) onDrainWanted(isDrainWanted);
      ended = ended.filter((task) => !told.includes(task));
    } catch (thrown) {
      log.warn({ reason: toError(thrown).message }, 'the worker could not be announced, it is tried again');
    }
  };
  const announceIn = (ms: number): void => {
    if (isStopped || (timer !== null && dueMs <= monotonicMs() + ms)) return;
    if (timer !== null) clearTimeout(timer);
    dueMs = monotonicMs() + ms;
    timer = setTimeout(() => {
      timer = null;
      sending = announce().finally(() => {
        sending = null;
        announceIn(ANNOUNCE_EVERY_MS);
      });
    }, ms);
    timer.unref();
  };
  announceIn(0);

  return {
    begin: ({ commandId, state, dispatchNo }) => {
      count += 1;
      const begunMs = monotonicMs();
      const task: InWork = {
        ordinal: count,
        commandId,
        state,
        dispatchNo,
        begunMs,
        endedMs: null,
        beatMs: null,
        note: null,
      };
      inWork.add(task);
      announceIn(SOON_MS);
      return () => {
        inWork.delete(task);
        task.endedMs = monotonicMs();
        if (task.endedMs - begunMs >= TOLD_FROM_MS) ended = [...ended.slice(1 - MOST_TASKS), task];
      };
    },
    note: (commandId, progress) => {
      for (const task of inWork) {
        if (task.commandId !== commandId) continue;
        task.beatMs = monotonicMs();
        task.note = progress === undefined ? task.note : progress.slice(0, MAX_NOTE_LENGTH).toWellFormed();
      }
    },
    draining: (isSo) => {
      if (isDraining === isSo) return;
      isDraining = isSo;
      announceIn(0);
    },
    stop: async () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      isStopped = true;
      // What is still in work is given back to the queue.
      for (const task of inWork) task.endedMs = monotonicMs();
      ended = [...ended, ...inWork];
      inWork.clear();
      const told = (async () => {
        await sending;
        await announce();
      })();
      // A database that is away must not hold up the end of the process.
      await Promise.race([told, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}
