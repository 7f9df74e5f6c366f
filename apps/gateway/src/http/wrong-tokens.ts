/*
 * Slows whoever guesses. Each address may be wrong so often, and then once in a while; what is more is told to wait. The right
 * token passes whatever was wrong before it: others behind the same address must not be locked out.
 */

/** How many wrong tokens an address may send at once, and how often one more. */
const BURST = 20;
const ONE_MORE_EVERY_MS = 3_000;
/** The addresses that are remembered; of more, those that were silent longest are forgotten. */
const MOST_ADDRESSES = 10_000;

interface Guesses {
  readonly left: number;
  readonly atMs: number;
}

export interface WrongTokens {
  /** Counts one; the seconds to wait where it was one too many, else null. */
  readonly count: (address: string) => number | null;
}

/** @param monotonicMs a clock that never goes back */
export function limitWrongTokens(monotonicMs: () => number): WrongTokens {
  const known = new Map<string, Guesses>();
  return {
    count: (address) => {
      const who = networkOf(address);
      const now = monotonicMs();
      const before = known.get(who) ?? { left: BURST, atMs: now };
      const left = Math.min(BURST, before.left + (now - before.atMs) / ONE_MORE_EVERY_MS);
      // Taken out and put back: the map keeps the order of the last sign of life.
      known.delete(who);
      known.set(who, { left: Math.max(0, left - 1), atMs: now });
      const [oldest] = known.keys();
      if (known.size > MOST_ADDRESSES && oldest !== undefined) known.delete(oldest);
      return left >= 1 ? null : Math.ceil(Math.round((1 - left) * ONE_MORE_EVERY_MS) / 1000);
    },
  };
}

/** A host of IPv6 has the whole of a network of 64 bits for itself. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const first = head.split(':').filter((part) => part !== '');
  const last = tail === undefined ? [] : tail.split(':').filter((part) => part !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
