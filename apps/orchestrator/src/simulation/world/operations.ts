import type { Clockwork, Process } from './clockwork.js';

/** What may go wrong with an operation on the world, and how often. */
export interface Weather {
  /** The server is away: the request does not arrive. */
  readonly isAway: number;
  /** It had its effect, and the answer is lost. */
  readonly isUnanswered: number;
  /** It takes seconds. */
  readonly isSlow: number;
  /** The process is killed before it asks, or before it hears the answer. */
  readonly isKilled: number;
  /** The process stands still before it asks. */
  readonly isFrozen: number;
}

export interface OperationsPorts {
  readonly clockwork: Clockwork;
  readonly isStormy: () => boolean;
  readonly weather: Weather;
  readonly kill: (process: Process) => void;
  readonly freeze: (process: Process, name: string) => void;
}

/** Requests of processes to servers. A process that is killed meanwhile never hears of the answer. */
export class Operations {
  constructor(private readonly ports: OperationsPorts) {}

  get choices() {
    return this.ports.clockwork.choices;
  }

  /** Asks a server: `act` is what happens there. */
  ask<T>(process: Process, what: string, act: () => T): Promise<T> {
    const { clockwork, isStormy, kill, freeze } = this.ports;
    const { choices } = clockwork;
    if (!isStormy()) return this.#askQuietly(process, act);
    const name = choices.numbered(`${process.name} ${what}`);
    const { weather } = this.ports;
    // What everybody waits for, and what may keep one part of a bundle from its commit and not the others.
    const isFrozen = weather.isFrozen * (what.includes('append') ? 8 : 1);
    const isAway = weather.isAway * (what.includes('get-blob') ? 12 : what.includes('append') ? 3 : 1);
    const isKilled = process.isKillable ? weather.isKilled : 0;
    return new Promise((resolve, reject) => {
      const slowMs = choices.fault(`slow ${name}`, weather.isSlow) ? 200 + 4_000 * choices.draw(`ms ${name}`) : 0;
      if (choices.fault(`freeze before ${name}`, isFrozen)) freeze(process, name);
      clockwork.after(delayMs(process.jitter()) + slowMs, process, () => {
        if (choices.fault(`kill before ${name}`, isKilled)) return kill(process);
        if (choices.fault(`away ${name}`, isAway)) return reject(away());
        let given: T;
        try {
          given = act();
        } catch (thrown) {
          return reject(thrown);
        }
        if (choices.fault(`kill after ${name}`, isKilled)) return kill(process);
        const isUnanswered = choices.fault(`unanswered ${name}`, weather.isUnanswered);
        clockwork.after(delayMs(process.jitter()), process, () => (isUnanswered ? reject(away()) : resolve(given)));
      });
    });
  }

  #askQuietly<T>(process: Process, act: () => T): Promise<T> {
    const { clockwork } = this.ports;
    return new Promise((resolve, reject) => {
      clockwork.after(2 * delayMs(process.jitter()), process, () => {
        try {
          resolve(act());
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  }
}

/** From a third of a millisecond to three, most of them short. */
const delayMs = (drawn: number): number => 0.3 + 2.7 * drawn ** 2;

const away = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
