import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Choices } from './choices.js';

/*
 * Time, and who goes next. Everything that happens has an instant, and whatever has the earliest one goes next; then all that
 * follows from it without waiting for anything goes on, up to the next wait. So one thing happens at a time, and whoever set
 * a timer or asks the world is the process that is going on at this moment.
 */

/** One process: killed, it is never gone on with, wherever it was; frozen, it goes on later and does not know. */
export interface Process {
  readonly name: string;
  readonly isKillable: boolean;
  isAlive: boolean;
  frozenUntilMs: number;
  /** What its machine's clock says more than the true one. */
  clockOffsetMs: number;
  /** Draws how long its next request is under way. */
  readonly jitter: () => number;
  /** Starts it anew once it was killed; null for one that is never killed. */
  restart: (() => void) | null;
}

interface Event {
  atMs: number;
  readonly order: number;
  readonly process: Process | null;
  readonly go: () => void;
  isCancelled: boolean;
}

export const EPOCH_MS = 1_700_000_000_000;

export class Clockwork {
  nowMs = 0;
  current: Process | null = null;
  steps = 0;
  /** By how much rounds are longer than they say: once it is calm nothing is learnt from hubs that look about idly. */
  patience = 1;
  /** How whoever still sleeps stops to listen for being woken. */
  readonly sleepers = new Set<() => void>();
  #order = 0;
  readonly #heap: Event[] = [];

  constructor(readonly choices: Choices) {}

  after(delayMs: number, process: Process | null, go: () => void): Event {
    this.#order += 1;
    const event = { atMs: this.nowMs + delayMs, order: this.#order, process, go, isCancelled: false };
    this.#push(event);
    return event;
  }

  /** What the clock of a process's machine says, in milliseconds since the epoch. */
  machineMs(process: Process | null): number {
    return Math.floor(EPOCH_MS + this.nowMs + (process?.clockOffsetMs ?? 0));
  }

  /** Does the next thing, and all that follows from it. @returns false where nothing is left to happen */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return false;
      if (event.isCancelled || event.process?.isAlive === false) continue;
      if (event.process !== null && event.process.frozenUntilMs > event.atMs) {
        event.atMs = event.process.frozenUntilMs;
        this.#push(event);
        continue;
      }
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.current = event.process;
      this.steps += 1;
      event.go();
      await settled();
      this.current = null;
      return true;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      if (left === undefined) break;
      const right = heap[down + 1];
      let child = left;
      if (right !== undefined && isBefore(right, left)) {
        down += 1;
        child = right;
      }
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

const realImmediate = setImmediate;
/** Lets everything go on that waits for nothing outside. */
const settled = (): Promise<void> => new Promise((resolve) => void realImmediate(resolve));

/**
 * Puts the clockwork in the place of the timers, clocks and random numbers of this process, for as long as `work` takes: the
 * code of the product then has no other. Nothing else may run in this process meanwhile that needs true ones.
 */
export async function underClockwork<T>(clockwork: Clockwork, work: () => Promise<T>): Promise<T> {
  const before = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    dateNow: Date.now,
    random: Math.random,
    randomUUID: crypto.randomUUID,
    sleep: timers.setTimeout,
    stackTraceLimit: Error.stackTraceLimit,
  };
  const set = (object: object, name: string, value: unknown): void =>
    void Object.defineProperty(object, name, { value, configurable: true, writable: true });
  const uuid = (): string => uuidFrom(clockwork.choices);
  set(globalThis, 'setTimeout', (go: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
    timer(clockwork, ms, () => go(...given)),
  );
  set(globalThis, 'setInterval', (go: () => void, ms = 0) => interval(clockwork, ms, go));
  const clear = (timer: { cancel?: () => void } | undefined): void => timer?.cancel?.();
  set(globalThis, 'clearTimeout', clear);
  set(globalThis, 'clearInterval', clear);
  set(Date, 'now', () => clockwork.machineMs(clockwork.current));
  set(Math, 'random', () => clockwork.choices.next('random'));
  set(performance, 'now', () => clockwork.nowMs);
  set(crypto, 'randomUUID', uuid);
  set(timers, 'setTimeout', (ms = 0, value?: unknown, options: { signal?: AbortSignal } = {}) =>
    sleep(clockwork, ms, value, options.signal),
  );
  syncBuiltinESMExports();
  // Thousands of errors are thrown, and nobody reads where.
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    // Most who sleep at the end are never woken, and Node holds on to a signal of several signals for as long as one listens to it.
    for (const leave of clockwork.sleepers) leave();
    for (const name of ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const)
      set(globalThis, name, before[name]);
    set(Date, 'now', before.dateNow);
    set(Math, 'random', before.random);
    Reflect.deleteProperty(performance, 'now');
    set(crypto, 'randomUUID', before.randomUUID);
    set(timers, 'setTimeout', before.sleep);
    Error.stackTraceLimit = before.stackTraceLimit;
    syncBuiltinESMExports();
  }
}

const handle = (cancel: () => void) => ({ cancel, unref: () => handle(cancel), ref: () => handle(cancel) });

/** Rounds come from each fifth of a second to each three seconds. */
const isRound = (ms: number): boolean => ms >= 200 && ms <= 3_000;
const waitOf = (ms: number, { patience }: Clockwork): number => (isRound(ms) ? ms * patience : Math.max(1, ms));

function timer(clockwork: Clockwork, ms: number, go: () => void) {
  const event = clockwork.after(waitOf(ms, clockwork), clockwork.current, go);
  return handle(() => {
    event.isCancelled = true;
  });
}

function interval(clockwork: Clockwork, ms: number, go: () => void) {
  const process = clockwork.current;
  let event = clockwork.after(ms, process, round);
  function round(): void {
    event = clockwork.after(ms, process, round);
    go();
  }
  return handle(() => {
    event.isCancelled = true;
  });
}

function sleep(clockwork: Clockwork, ms: number, value: unknown, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const event = clockwork.after(waitOf(ms, clockwork), clockwork.current, () => {
      leave();
      resolve(value);
    });
    function onAbort(): void {
      event.isCancelled = true;
      leave();
      reject(signal?.reason);
    }
    function leave(): void {
      signal?.removeEventListener('abort', onAbort);
      clockwork.sleepers.delete(leave);
    }
    if (signal === undefined) return;
    signal.addEventListener('abort', onAbort, { once: true });
    clockwork.sleepers.add(leave);
  });
}

/** A version 4 id of drawn digits. */
function uuidFrom(choices: Choices): string {
  const digits = (count: number): string => {
    const name = choices.numbered('uuid');
    let text = '';
    for (let part = 0; text.length < count; part += 1)
      text += Math.floor(choices.draw(`${name}/${part}`) * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, count);
  };
  const text = digits(30);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(12, 15)}-a${text.slice(15, 18)}-${text.slice(18, 30)}`;
}
