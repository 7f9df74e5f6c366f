import { type Alongside, type BlobRef, type CommandId, isNestedWithin, type RunId } from '@baton/contracts';
import {
  type AppendItem,
  type AppendResult,
  appendBatch,
  beginSuspect,
  bumpDispatch,
  type CommandRow,
  childrenEnded,
  childrenToStart,
  clearSuspect,
  commandsDue,
  commandsUnadvised,
  type DueCommand,
  type Lane,
  orphanedRuns,
  outstandingCommands,
  parkRun,
  putBlob,
  recordDeadLetter,
  type Suspect,
  saveDispatched,
  undispatchedCommands,
} from '@baton/event-store';
import { type RunState, rebuild, type Segment, segmentOf } from '@baton/workflow';
import type { Pool } from 'pg';
import { readRun } from '../read-run.js';
import type { HubMessage } from './message.js';
import type { OwnedLanes } from './owned-lanes.js';
import { isGuilty } from './suspicion.js';

export interface VersionedRun {
  readonly state: RunState;
  readonly version: number;
  /** What of the log would have to be read to know this state. */
  readonly segment: Segment;
}

/**
 * What the hub needs of the database. Ages and what is due go by the clock of the store. Postgres behind `postgresStore`; a store in memory, with crashes, in the
 * deterministic simulation of the protocol.
 */
export interface HubStore {
  loadRun(runId: RunId): Promise<VersionedRun>;
  append(dispatchedSeq: number, items: readonly AppendItem[], along?: Alongside | null): Promise<AppendResult>;
  putBlob(text: string): Promise<BlobRef>;
  saveDispatched(seq: number): Promise<void>;
  undispatched(page: {
    readonly olderThanMs?: number;
    readonly afterSeq: number;
    readonly limit: number;
  }): Promise<readonly CommandRow[]>;
  outstanding(page: {
    readonly olderThanMs?: number;
    readonly afterSeq: number;
    readonly limit: number;
    /** Also what other hubs look after. */
    readonly isOfAllLanes?: boolean;
  }): Promise<readonly CommandRow[]>;
  due(limit: number): Promise<readonly DueCommand[]>;
  /** What the advisor is asked while nobody has advised for so long. */
  unadvised(page: { readonly silentMs: number; readonly limit: number }): ReturnType<typeof commandsUnadvised>;
  childrenToStart(page: { readonly olderThanMs: number; readonly limit: number }): Promise<readonly CommandRow[]>;
  childrenEnded(limit: number): ReturnType<typeof childrenEnded>;
  orphans(limit: number): Promise<readonly RunId[]>;
  /** The next dispatch number, or null when `from` is no longer the current one. */
  bumpDispatch(commandId: CommandId, from: number): Promise<number | null>;
  /** See `beginSuspect` and `clearSuspect` of the event store. */
  beginSuspect(suspect: Suspect): Promise<boolean>;
  clearSuspect(key: string): Promise<void>;
  /**
   * Puts a message aside that cannot be decided or written. What came from outside is over with that: a task without a
   * result is asked for again by the sweep, and in the end given up. What the hub told itself, a deadline or that a task is
   * given up, would be found again at once and for ever: the run is parked until an orchestrator starts,
   * or the letter is taken up again.
   */
  park(message: HubMessage, error: Error): Promise<void>;
}

/** What the hub of another lane has not come to by now is anybody's. */
const OTHERS_DUE_AFTER_MS = 1_000;
const OTHERS_UNDISPATCHED_AFTER_MS = 4_000;
const OTHERS_CHILDREN_AFTER_MS = 4_000;

/** Which rows a hub looks at in its rounds. */
export type Owned = Pick<OwnedLanes, 'lanes' | 'isFirst'>;

/** @param owned where it is absent, the rows of all lanes */
export const postgresStore = (pool: Pool, lane: Lane, owned: Owned | null = null): HubStore => {
  const lanes = (): readonly number[] | undefined => owned?.lanes;
  const scope = (othersAfterMs: number) => (owned === null ? {} : { scope: { lanes: owned.lanes, othersAfterMs } });
  return {
    loadRun: async (runId) => {
      const { events, before, version, sizes } = await readRun(pool, runId);
      return { state: rebuild(events), version, segment: segmentOf(before > 0, sizes) };
    },
    append: (dispatchedSeq, items, along) => appendBatch(pool, lane, dispatchedSeq, items, along),
    putBlob: (text) => putBlob(pool, text),
    saveDispatched: (seq) => saveDispatched(pool, lane, seq),
    undispatched: (page) => undispatchedCommands(pool, { ...page, ...scope(OTHERS_UNDISPATCHED_AFTER_MS) }),
    outstanding: ({ isOfAllLanes = false, ...page }) =>
      outstandingCommands(pool, { ...page, lanes: isOfAllLanes ? undefined : lanes() }),
    due: (limit) => commandsDue(pool, limit, scope(OTHERS_DUE_AFTER_MS).scope),
    unadvised: (page) => commandsUnadvised(pool, { ...page, lanes: lanes() }),
    childrenToStart: (page) => childrenToStart(pool, { ...page, ...scope(OTHERS_CHILDREN_AFTER_MS) }),
    childrenEnded: (limit) => childrenEnded(pool, limit, lanes()),
    // They are in no lane.
    orphans: async (limit) => (owned?.isFirst === false ? [] : orphanedRuns(pool, limit)),
    bumpDispatch: (commandId, from) => bumpDispatch(pool, commandId, from),
    beginSuspect: (suspect) => beginSuspect(pool, lane, suspect),
    clearSuspect: (key) => clearSuspect(pool, key),
    park: async (message, error) => {
      await recordDeadLetter(pool, {
        source: 'hub',
        name: message.order.type,
        reason: `The run could not decide this message: ${error.message}`,
        message: textOf(message.order),
        runId: message.runId,
        ...('commandId' in message.order ? { commandId: message.order.commandId } : {}),
        ...(message.requestId === undefined ? {} : { requestId: message.requestId }),
      });
      if (message.actor.type === 'system' || isGuilty(error)) await parkRun(pool, message.runId);
    },
  };
};

/** That it cannot be text may be the very reason why it is put aside. */
function textOf(order: HubMessage['order']): string {
  return isNestedWithin(order) ? JSON.stringify(order) : JSON.stringify({ type: order.type });
}
