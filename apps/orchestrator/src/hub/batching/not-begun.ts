import { emptySegment, initialState } from '@baton/workflow';
import type { VersionedRun } from '../hub-store.js';
import type { Waiting } from './decide-messages.js';

const NOTHING: VersionedRun = { state: initialState, version: 0, segment: emptySegment };

/**
 * The state of a run that is asked to begin, without a look: it has none, or the append finds that it has. Then the message
 * comes again, and the run is read. So is that of a message which may have been here before.
 */
export function notBegun(members: readonly Waiting[]): VersionedRun | undefined {
  const [first] = members;
  const isNew = members.every(({ attempts, isAlone }) => attempts === 0 && !isAlone);
  return isNew && (first?.message.order.type === 'StartRun' || first?.message.order.type === 'ForkRun')
    ? NOTHING
    : undefined;
}
