import { inOrder } from '@baton/contracts';
import type { JobState } from '@baton/messaging';
import type { Clockwork, Process } from './clockwork.js';

/*
 * A queue server that keeps jobs as BullMQ and Baton's own door do: by id, taken once while it is remembered, locked while
 * somebody has it, delivered again when its holder is gone. It may lose all of that, or the last of it, at any moment.
 */

export type Door = 'bullmq' | 'own-door';

export interface Job {
  readonly queue: string;
  readonly id: string;
  readonly name: string;
  readonly data: string;
  readonly priority: number;
  readonly door: Door;
  readonly order: number;
  dueMs: number;
  state: 'waiting' | 'active' | 'completed';
  attemptsMade: number;
  attemptsStarted: number;
  stalls: number;
  holder: Process | null;
  token: string | null;
  /** Whether its holder knows that it has it, and says so: a process that did not hear the answer does not. */
  isRenewed: boolean;
  /** Until when whoever has it is believed to have it. */
  lockedUntilMs: number;
  completedMs: number;
}

export type NewJob = Pick<Job, 'queue' | 'id' | 'name' | 'data' | 'priority' | 'door'> & { readonly delayMs: number };

export const LOCK_MS = 8_000;
const REMEMBERED_MS = 60_000;
const LOOK_FOR_STALLED_EVERY_MS = 3_000;

export class QueueServer {
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Map<string, Set<() => void>>();
  epoch: string | null = null;
  #order = 0;

  constructor(private readonly clockwork: Clockwork) {
    this.#lookForStalled();
  }

  get jobs(): Iterable<Job> {
    return this.#jobs.values();
  }

  add({ queue, id, name, data, priority, door, delayMs }: NewJob): void {
    const key = `${queue} ${id}`;
    const known = this.#jobs.get(key);
    if (known !== undefined && !this.#isForgotten(known)) return;
    this.#order += 1;
    this.#jobs.set(key, {
      ...{ queue, id, name, data, priority, door, order: this.#order },
      dueMs: this.clockwork.nowMs + delayMs,
      state: 'waiting',
      ...{ attemptsMade: 0, attemptsStarted: 0, stalls: 0, holder: null, token: null },
      ...{ isRenewed: false, lockedUntilMs: 0, completedMs: 0 },
    });
    this.#ring(queue, delayMs);
  }

  /** Calls `go` when there may be something to take. */
  listen(queue: string, go: () => void): () => void {
    const listeners = this.#listeners.get(queue) ?? new Set();
    this.#listeners.set(queue, listeners);
    listeners.add(go);
    return () => void listeners.delete(go);
  }

  /** The jobs that could be taken now, the one that is next in front. */
  ready(queue: string): readonly Job[] {
    const ready: Job[] = [];
    for (const job of this.#jobs.values())
      if (job.queue === queue && job.state === 'waiting' && job.dueMs <= this.clockwork.nowMs) ready.push(job);
    return ready.sort((one, other) => inOrder(one.priority) - inOrder(other.priority) || one.order - other.order);
  }

  take(job: Job, holder: Process, token: string): void {
    const lockedUntilMs = this.clockwork.nowMs + LOCK_MS;
    Object.assign(job, { state: 'active', holder, token, isRenewed: false, lockedUntilMs });
    job.attemptsStarted += 1;
  }

  /** The job, where whoever has this token still has it. */
  held({ queue, id }: Job, token: string): Job | null {
    const job = this.#jobs.get(`${queue} ${id}`);
    return job?.state === 'active' && job.token === token ? job : null;
  }

  complete(job: Job): void {
    if (job.door === 'own-door') this.#jobs.delete(`${job.queue} ${job.id}`);
    Object.assign(job, { state: 'completed', token: null, holder: null, completedMs: this.clockwork.nowMs });
  }

  giveBack(job: Job, delayMs: number): void {
    Object.assign(job, { state: 'waiting', token: null, holder: null, dueMs: this.clockwork.nowMs + delayMs });
    this.#ring(job.queue, delayMs);
  }

  /** Its lock ran out: somebody else gets it, whatever its holder does. */
  stall(job: Job): void {
    job.stalls += 1;
    this.giveBack(job, 0);
  }

  state(queue: string, id: string): JobState {
    const job = this.#jobs.get(`${queue} ${id}`);
    if (job === undefined || this.#isForgotten(job)) return 'unknown';
    return job.state === 'waiting' && job.dueMs > this.clockwork.nowMs ? 'delayed' : job.state;
  }

  counts(queue: string) {
    const counts = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 };
    for (const job of this.#jobs.values()) {
      if (job.queue !== queue) continue;
      const state = this.state(queue, job.id);
      if (state !== 'unknown') counts[state] += 1;
    }
    return counts;
  }

  withdraw(queue: string, ids: readonly string[]): ReadonlySet<string> {
    const taken = ids.filter((id) => {
      const job = this.#jobs.get(`${queue} ${id}`);
      return job?.door === 'own-door' && job.state === 'waiting' && this.#jobs.delete(`${queue} ${id}`);
    });
    return new Set(taken);
  }

  wipe(): void {
    this.#jobs.clear();
    this.epoch = null;
  }

  /** A replica that lagged behind takes over: what was put in last is gone, the rest is there. */
  loseLast(count: number): void {
    for (const key of [...this.#jobs.keys()].slice(-count)) this.#jobs.delete(key);
  }

  #isForgotten({ state, completedMs }: Job): boolean {
    return state === 'completed' && completedMs < this.clockwork.nowMs - REMEMBERED_MS;
  }

  #ring(queue: string, delayMs: number): void {
    const ring = (): void => {
      for (const go of this.#listeners.get(queue) ?? []) go();
    };
    if (delayMs <= 0) ring();
    else this.clockwork.after(delayMs, null, ring);
  }

  #lookForStalled(): void {
    const { clockwork } = this;
    for (const job of this.#jobs.values()) {
      if (job.state !== 'active') continue;
      const { holder, isRenewed } = job;
      const lives = isRenewed && holder?.isAlive === true && holder.frozenUntilMs <= clockwork.nowMs;
      if (lives) job.lockedUntilMs = clockwork.nowMs + LOCK_MS;
      else if (job.lockedUntilMs < clockwork.nowMs) this.stall(job);
    }
    clockwork.after(LOOK_FOR_STALLED_EVERY_MS, null, () => this.#lookForStalled());
  }
}
