/*
 * How often somebody may do something: so many times at once, and then once in a while. Who was silent longest is forgotten
 * where there are too many to remember, so that nobody fills the memory with names.
 */

export interface BucketOptions {
  /** How many times at once. */
  readonly burst: number;
  /** How often one more. */
  readonly oneMoreEveryMs: number;
  readonly mostNames: number;
}

export interface TokenBuckets {
  /** Takes one; the whole seconds to wait where there is none, else null. */
  readonly take: (name: string) => number | null;
}

/** @param monotonicMs a clock that never goes back */
export function tokenBuckets(
  { burst, oneMoreEveryMs, mostNames }: BucketOptions,
  monotonicMs: () => number,
): TokenBuckets {
  const known = new Map<string, { readonly left: number; readonly atMs: number }>();
  return {
    take: (name) => {
      const now = monotonicMs();
      const before = known.get(name) ?? { left: burst, atMs: now };
      const left = Math.min(burst, before.left + (now - before.atMs) / oneMoreEveryMs);
      // Taken out and put back: the map keeps the order of the last sign of life.
      known.delete(name);
      known.set(name, { left: left >= 1 ? left - 1 : left, atMs: now });
      const [oldest] = known.keys();
      if (known.size > mostNames && oldest !== undefined) known.delete(oldest);
      return left >= 1 ? null : Math.max(1, Math.ceil(Math.round((1 - left) * oneMoreEveryMs) / 1000));
    },
  };
}
