import { ProblemError } from '../http/problem.js';

/*
 * What a gateway has in hand of requests that begin runs: so many, of so many bytes, and no more. What comes beyond that is told
 * at once to come again, before it is read. Of what is in hand only a few are worked at, as many as there are connections for it;
 * the others wait in line, and not for long.
 *
 *   comes ──▶ in hand ──▶ who it is, its body ──▶ in line ──▶ at work ──▶ answered
 *     └▶ 429: no room                               └▶ 429: waited for too long
 *
 * Room and turns are shared between those who ask: one alone gets no more than three quarters of the room, so that there is some
 * for others, and whose turn it is goes around among them.
 */

export interface InHandBounds {
  readonly requests: number;
  readonly bytes: number;
  /** Worked at. */
  readonly atOnce: number;
  /** In line, at the longest. */
  readonly waitMs: number;
}

/** Where a request is that was let in. */
export interface Place {
  /** Resolves when it may be worked at. @throws ProblemError 429 where that takes too long */
  readonly turn: () => Promise<void>;
  /** Its client is gone: it leaves, unless it is worked at. */
  readonly gone: () => void;
  /** It is answered. */
  readonly leave: () => void;
}

interface Held {
  requests: number;
  bytes: number;
}

interface Waiting {
  readonly begin: () => void;
}

const MOST_OF_ONE = 0.75;
const AGAIN = { leastSeconds: 1, mostSeconds: 30 };
/** How much the newest reading counts in the mean of how long the work takes. */
const NEWEST = 0.05;
const FIRST_GUESS_MS = 50;

export class InHand {
  readonly #all: Held = { requests: 0, bytes: 0 };
  readonly #held = new Map<string, Held>();
  /** By who asks; the first of them is next. */
  readonly #line = new Map<string, Set<Waiting>>();
  #atWork = 0;
  #workMs = FIRST_GUESS_MS;

  constructor(
    private readonly bounds: InHandBounds,
    private readonly monotonicMs: () => number,
  ) {}

  get requests(): number {
    return this.#all.requests;
  }

  /** @param who any name for who asks @throws ProblemError 429 where there is no room */
  come(who: string, bytes: number): Place {
    const held = this.#held.get(who) ?? { requests: 0, bytes: 0 };
    if (!this.#hasRoom(this.#all, bytes, 1) || !this.#hasRoom(held, bytes, MOST_OF_ONE)) throw this.#full();
    this.#held.set(who, held);
    for (const each of [this.#all, held]) {
      each.requests += 1;
      each.bytes += bytes;
    }
    let stage: 'coming' | 'waiting' | 'at work' | 'left' = 'coming';
    let leaveLine = (): void => {};
    let beganAtMs = 0;
    const begin = (): void => {
      stage = 'at work';
      this.#atWork += 1;
      beganAtMs = this.monotonicMs();
    };
    const wait = (): Promise<void> =>
      new Promise((resolve, reject) => {
        stage = 'waiting';
        const timer = setTimeout(() => {
          leaveLine();
          stage = 'coming';
          reject(this.#full());
        }, this.bounds.waitMs);
        const waiting: Waiting = {
          begin: () => {
            leaveLine();
            begin();
            resolve();
          },
        };
        leaveLine = () => {
          clearTimeout(timer);
          this.#leaveLine(who, waiting);
        };
        this.#line.set(who, (this.#line.get(who) ?? new Set()).add(waiting));
      });
    const leave = (): void => {
      if (stage === 'left') return;
      leaveLine();
      const wasAtWork = stage === 'at work';
      stage = 'left';
      for (const each of [this.#all, held]) {
        each.requests -= 1;
        each.bytes -= bytes;
      }
      if (held.requests === 0) this.#held.delete(who);
      if (wasAtWork) this.#worked(this.monotonicMs() - beganAtMs);
    };
    return {
      turn: async () => {
        if (stage !== 'coming') return;
        if (this.#atWork < this.bounds.atOnce) begin();
        else await wait();
      },
      gone: () => {
        if (stage !== 'at work') leave();
      },
      leave,
    };
  }

  #hasRoom(held: Held, bytes: number, share: number): boolean {
    // Where nothing is held, there is room for one, whatever the shares are.
    if (held.requests === 0) return true;
    return held.requests < this.bounds.requests * share && held.bytes + bytes <= this.bounds.bytes * share;
  }

  #leaveLine(who: string, waiting: Waiting): void {
    const line = this.#line.get(who);
    if (line?.delete(waiting) && line.size === 0) this.#line.delete(who);
  }

  #worked(ms: number): void {
    this.#atWork -= 1;
    this.#workMs += (ms - this.#workMs) * NEWEST;
    const [next] = this.#line;
    if (next === undefined) return;
    const [who, line] = next;
    const [first] = line;
    // To the end: the others come before they come again.
    this.#line.delete(who);
    this.#line.set(who, line);
    first?.begin();
  }

  #full(): ProblemError {
    const seconds = Math.ceil((this.#all.requests * this.#workMs) / this.bounds.atOnce / 1_000);
    const again = Math.min(AGAIN.mostSeconds, Math.max(AGAIN.leastSeconds, seconds));
    return new ProblemError('The gateway has more new runs in hand than it can take.', {
      status: 429,
      code: 'too-much-in-hand',
      next: `Send it again in ${again} s, with the same Idempotency-Key; another gateway makes room sooner.`,
      headers: { 'retry-after': String(again) },
    });
  }
}
