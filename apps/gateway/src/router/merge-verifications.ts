import type { Verification } from '@baton/contracts';

/** What the verification of all logs came to. What each is signed with is asked of the shard. */
export function mergeVerifications(of: readonly Verification[]): Verification {
  const wrong = of.findIndex(({ verified }) => !verified);
  return {
    verified: wrong === -1,
    events: of.reduce((sum, { events }) => sum + events, 0),
    runs: of.reduce((sum, { runs }) => sum + runs, 0),
    problem: wrong === -1 ? null : `shard ${wrong}: ${of[wrong]?.problem ?? 'is not what it should be'}`,
  };
}
