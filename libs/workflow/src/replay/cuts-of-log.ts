import type { RunId } from '@baton/contracts';
import { changedCut } from '../cuts/changed-cut.js';
import { cutAt } from '../cuts/run-cut.js';
import type { RunEvent, RunEventOf } from '../events/run-event.js';
import type { RunCut } from '../state/run-state.js';
import { withSealsOf } from './moved-seals.js';

/** Events of a run up to a version, from one on that holds its whole state; `before` is how many came before those. */
export type ReadEvents = (
  runId: RunId,
  toVersion: number,
) => Promise<{ readonly events: readonly RunEvent[]; readonly before: number }>;

/** The cut that a failed run is taken up from. */
export async function cutsOfRetry(runId: RunId, version: number, read: ReadEvents): Promise<readonly RunCut[]> {
  const { events, before } = await read(runId, version - 1);
  const cut = cutAt(events, before);
  return cut === null ? [] : [cut];
}

/**
 * The cuts of another run that a fork may have been made from. A fork after an event with which something is given up goes on from
 * in front of that, and its log names the event that it goes on from: so there are two, where such events follow.
 */
export async function cutsOfFork({ data }: RunEventOf<'RunForked'>, read: ReadEvents): Promise<readonly RunCut[]> {
  const { from, changed, carry } = data;
  const cuts: RunCut[] = [];
  for (const upTo of [from.version, from.version + 1]) {
    const { events, before } = await read(from.runId, upTo);
    const cut = cutAt(events, before);
    // Whatever is given up first, the rest of it is left out, too.
    if (cut?.version !== from.version || before + events.length !== upTo) continue;
    const isTornDown = upTo > from.version;
    const given = changed === undefined ? cut : changedBy({ ...cut, isTornDown }, changed);
    if (given !== null) cuts.push(withSealsOf({ ...given, isTornDown }, carry));
  }
  return cuts;
}

function changedBy(cut: RunCut, changed: NonNullable<RunEventOf<'RunForked'>['data']['changed']>): RunCut | null {
  const found = changedCut(cut, changed);
  return found.ok ? found.cut : null;
}
