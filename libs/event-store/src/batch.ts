import type { Actor, CommandId, Json, JsonObject, RequestId, RunId } from '@baton/contracts';
import type { NamedDocument } from './documents.js';

/** What an append is given, and what it answers. */

export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  /** RFC 3339; kept in UTC with milliseconds, as `Date.toISOString` writes it. */
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly data: Json;
  /** What `JSON.stringify` gives of the data, where that is known: a large value is made text once. */
  readonly dataText?: string | undefined;
  /** The workflow document that the data names by its hash, as the first member: stored with the event. */
  readonly document?: NamedDocument | undefined;
}

export interface NewCommand {
  readonly commandId: CommandId;
  /** Null for a timer, which only has a deadline. */
  readonly queue: string | null;
  readonly name: string;
  readonly message: JsonObject;
  readonly priority: number;
  readonly notBefore: string | null;
  readonly deadline: string | null;
  /** How long its worker may be silent; null where it may be. */
  readonly heartbeatSeconds: number | null;
  /** There where its row stands already, and is put in anew with another deadline: the item settles the old one. */
  readonly isMoved?: true;
}

/** A command as it stands in the table: outbox entry, work in flight and inbox token at once. */
export interface CommandRow extends NewCommand {
  /** Its number in the order of issue, without gaps, over all lanes. */
  readonly seq: number;
  readonly runId: RunId;
  readonly lane: number;
  readonly dispatchNo: number;
  /** RFC 3339: when it was committed, by the clock of the database. */
  readonly createdAt: string;
  /** How long it must not be sent yet, by the clock of the database when it was written or read; 0 where it may be. */
  readonly waitMs: number;
}

/** A request that was read without a look at what the gateway has accepted, as of a change of the workflows. */
export interface UnseenRequest {
  readonly requestId: RequestId;
  /** The number in `baton.workflow_change` that it was read by. */
  readonly change: number;
}

/** All that happens to one run in a batch. */
export interface AppendItem {
  readonly runId: RunId;
  /** The version the stream must have; 0: it must not exist. */
  readonly expectedVersion: number;
  /** May be empty, when only requests are noted. */
  readonly events: readonly NewEvent[];
  /** Commands this settles: each must still have its row. */
  readonly consume: readonly CommandId[];
  /** Requests this answers: none may have been answered before. Their inbox rows go. */
  readonly requests: readonly RequestId[];
  /** Those among the requests that are only answered if there was nothing to be seen: see `appendBatch`. */
  readonly unseen?: readonly UnseenRequest[];
  /** One that is settled in the same item is never written, unless it is moved. */
  readonly commands: readonly NewCommand[];
  readonly ended: boolean;
  /** The command of another run that asked for this one; null where nobody waits for its end. */
  readonly parentCommand: CommandId | null;
}

export interface Conflict {
  /** Place of the item in the batch, from 0. */
  readonly index: number;
  readonly reason: 'command-gone' | 'version-conflict' | 'request-seen' | 'must-look-up' | 'no-place';
  /** The command id, run id or request id in question; where there is no place, the cap that is full. */
  readonly key: string;
}

export type AppendResult =
  | { readonly ok: true; readonly firstPosition: number; readonly commands: readonly CommandRow[] }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };
