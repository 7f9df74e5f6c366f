import type { Evaluator } from '@baton/asl';
import type { Alongside } from '@baton/contracts';
import type { AppendItem, CommandRow } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { HubMetrics } from '@baton/telemetry/metrics';
import type { RunState } from '@baton/workflow';
import type { HubStore } from '../hub-store.js';
import type { HubMessage } from '../message.js';
import type { Advance, HubClock } from './advance.js';

export interface BatcherPorts extends HubClock {
  readonly store: Pick<HubStore, 'loadRun' | 'append' | 'putBlob' | 'park' | 'beginSuspect' | 'clearSuspect'>;
  /** Called before each batch: makes `nowMs` right where it may not be. */
  readonly settleClock?: () => Promise<void>;
  /** How far this process has sent commands: saved with an append where that is far from what was saved last. */
  readonly dispatchedSeq: () => number;
  /** What sends all commands of a batch in the transaction that writes it; null where they are sent after it. Must not throw. */
  readonly along?: (items: readonly AppendItem[]) => Alongside | null;
  /**
   * Called after each commit, in commit order, with the commands that became durable, and whether these were sent with it. Must
   * not throw.
   */
  readonly dispatch: (commands: readonly CommandRow[], wasAlong: boolean) => void;
  /** Called after that with the states of the runs. Must not throw. */
  readonly onCommitted?: (advances: readonly Advance[], commands: readonly CommandRow[]) => void;
  /** Where the expressions of one decision are evaluated; it calls `onWait` when that takes time in which others can go on. */
  readonly evaluatorFor?: (onWait: () => void) => Evaluator;
  /** A message with what is personal in it sealed, as `sealMessage` does it; null where nothing is. */
  readonly seal?: (message: HubMessage, run: RunState) => Promise<HubMessage> | null;
  /** See `hasRungs`; without it every queue does. */
  readonly knowsRungs?: ((queue: string) => boolean) | undefined;
  /** Told of each batch, where somebody counts. */
  readonly metrics?: HubMetrics | undefined;
  readonly log: Logger;
}
