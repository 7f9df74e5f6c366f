/*
 * Everything that is left to chance is drawn by name: the seed and the name give the number, and nothing else does. A choice
 * that is left out of a schedule therefore leaves all others as they were, which is what makes a schedule small by trying.
 */

/** A schedule: the seed, and which of what it would do to the world is done. */
export interface Schedule {
  readonly seed: number;
  /** Only these faults happen; all that the seed draws where it is absent. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Each operation takes the same time, so that nothing overtakes anything but by a fault. */
  readonly isEven?: boolean | undefined;
}

export class Choices {
  readonly #basis: number;
  readonly #counts = new Map<string, number>();
  /** The faults that happened, in their order. */
  readonly taken: string[] = [];

  constructor(private readonly schedule: Schedule) {
    this.#basis = mixed((schedule.seed ^ 0x9e3779b9) >>> 0);
  }

  /** In [0, 1), the same for the same name. */
  draw(name: string): number {
    let value = this.#basis;
    for (let at = 0; at < name.length; at += 1) value = Math.imul(value ^ name.charCodeAt(at), 0x01000193);
    return mixed(value >>> 0) / 0x1_0000_0000;
  }

  /** The next number of a series. */
  next(series: string): number {
    return this.draw(this.numbered(series));
  }

  /** The name of the next one of a series. */
  numbered(series: string): string {
    const count = (this.#counts.get(series) ?? 0) + 1;
    this.#counts.set(series, count);
    return `${series}#${count}`;
  }

  /** Numbers for how long things take, one after the other; always the same where the schedule is even. */
  jitterOf(name: string): () => number {
    const basis = Math.floor(this.draw(`jitter ${name}`) * 0x1_0000_0000);
    let count = 0;
    return () => {
      if (this.schedule.isEven === true) return 0.5;
      count = (count + 0x9e3779b9) >>> 0;
      return mixed((basis + count) >>> 0) / 0x1_0000_0000;
    };
  }

  /** How long a piece of work takes: not of its process, but its own. */
  lasts(name: string): number {
    return this.schedule.isEven === true ? 0.5 : this.draw(name);
  }

  pick<T>(name: string, list: readonly T[]): T {
    const picked = list[Math.floor(this.draw(name) * list.length)];
    if (picked === undefined) throw new Error(`nothing to pick from at ${name}`);
    return picked;
  }

  /** Whether a fault happens: something that the world does and that a quiet one would not. */
  fault(name: string, probability: number): boolean {
    if (probability <= 0 || this.draw(name) >= probability) return false;
    if (this.schedule.only !== undefined && !this.schedule.only.has(name)) return false;
    this.taken.push(name);
    return true;
  }
}

/** The finish of MurmurHash3: each bit of the value moves half of the others. */
function mixed(value: number): number {
  let mix = value;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
