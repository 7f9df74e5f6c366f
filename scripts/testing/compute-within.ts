import { expect } from 'vitest';

/*
 * `expect(work).toComputeWithin(ms)` holds work to a bound of computing time, as the processor gives it to this thread. A
 * busy machine makes work wait, and that is no fault of the work: such a bound holds on any machine, or the code is slow.
 */

/** What this thread has used of a processor so far. */
function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

expect.extend({
  toComputeWithin(work: () => unknown, boundMs: number) {
    const began = computedMs();
    const verdict = () => {
      const took = computedMs() - began;
      return {
        pass: took < boundMs,
        message: () => `computed for ${took.toFixed(0)} ms, where less than ${boundMs} ms are allowed`,
      };
    };
    const result = work();
    return result instanceof Promise ? result.then(verdict) : verdict();
  },
});
