import { toError } from '@baton/contracts';
import type { HubStore, VersionedRun } from '../hub-store.js';
import type { HubMessage, HubOutcome } from '../message.js';
import { type Advance, closeAdvance, type DecidingWith, decideInto, openAdvance } from './advance.js';
import type { BatcherPorts } from './batcher-ports.js';

/** A message that waits for its outcome. */
export interface Waiting {
  readonly message: HubMessage;
  attempts: number;
  /** Is decided and written without others: something it was with could not be written. */
  isAlone: boolean;
  readonly settle: (outcome: HubOutcome) => void;
  readonly fail: (error: Error) => void;
}

/** What became of the messages of one run on one state. */
export interface Deciding {
  readonly advance: Advance | null;
  readonly effective: readonly Waiting[];
  readonly ignored: readonly Waiting[];
  readonly undecidable: readonly { readonly waiting: Waiting; readonly error: Error }[];
  /** There was no time for these. */
  readonly later: readonly Waiting[];
}

export interface DecidingPorts extends DecidingWith {
  readonly seal?: BatcherPorts['seal'];
  readonly store: Pick<HubStore, 'putBlob'>;
}

/** What of a batch is to be written for one run. */
export interface Decided {
  readonly advance: Advance;
  readonly effective: readonly Waiting[];
  /** Without effect because of what the advance holds: settled with it, since it may not be written. */
  readonly ignored: readonly Waiting[];
}

export interface DecidedRun {
  /** Null where nothing has an effect. */
  readonly decided: Decided | null;
  /** Messages for which there was no time. */
  readonly later: readonly Waiting[];
}

/** The messages of one run that are to be decided, and with what. */
export interface Asked {
  readonly runId: string;
  readonly members: readonly Waiting[];
  readonly isLate: () => boolean;
  readonly ports: DecidingPorts;
}

/** Decides messages of one run in their order, at least one of them and no more once `isLate` says so. */
export async function decideMessages(
  runId: string,
  run: VersionedRun,
  members: readonly Waiting[],
  ports: DecidingPorts,
  isLate: () => boolean,
): Promise<Deciding> {
  const advance = openAdvance(runId, run);
  const effective: Waiting[] = [];
  const ignored: Waiting[] = [];
  const undecidable: { waiting: Waiting; error: Error }[] = [];
  let taken = 0;
  for (const waiting of members) {
    if (taken > 0 && isLate()) break;
    taken += 1;
    // Outside: that its key cannot be read now is no fault of the message.
    const sealing = ports.seal?.(waiting.message, advance.state) ?? null;
    const message = sealing === null ? waiting.message : await sealing;
    try {
      const hasEffect = await decideInto(advance, message, ports);
      (hasEffect ? effective : ignored).push(waiting);
    } catch (thrown) {
      undecidable.push({ waiting, error: toError(thrown) });
    }
  }
  const rest = { effective, ignored, undecidable, later: members.slice(taken) };
  if (effective.length === 0) return { advance: null, ...rest };
  const putBlob = async (text: string) => ({ ...(await ports.store.putBlob(text)) });
  return { advance: await closeAdvance(advance, putBlob), ...rest };
}
