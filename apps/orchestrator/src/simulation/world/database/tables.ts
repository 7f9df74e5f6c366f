import { Places } from './places.js';

/** The tables of the database as far as an orchestrator needs them, as plain rows. */

export interface LaneRow {
  readonly lane: number;
  fence: number;
  owner: string | null;
  leaseUntilMs: number;
  dispatchedSeq: number;
}

export interface StreamRow {
  readonly runId: string;
  version: number;
  /** 0: open, 1: ended, 2: parked. */
  status: number;
  readonly first: number;
  last: number;
  parent: string | null;
}

export interface EventRow {
  readonly position: number;
  readonly runId: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly eventId: string;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  readonly recordedAt: string;
  readonly actor: string;
  readonly data: string;
}

export interface CommandRecord {
  readonly seq: number;
  readonly commandId: string;
  readonly lane: number;
  readonly runId: string;
  readonly queue: string | null;
  readonly name: string;
  readonly message: string;
  readonly priority: number;
  readonly notBeforeMs: number | null;
  readonly deadlineMs: number | null;
  readonly heartbeatSeconds: number | null;
  readonly createdMs: number;
  heartbeatDeadlineMs: number | null;
  dispatchNo: number;
}

export interface InboxRow {
  readonly requestId: string;
  readonly name: string;
  readonly message: string;
  readonly begins: string | null;
  readonly traceparent: string | null;
  readonly acceptedMs: number;
  /** Whether the gateway accepted it; what a hub put there is believed no more than in its queue. */
  readonly isVouched: boolean;
}

export interface LetterRow {
  readonly id: number;
  readonly source: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

export interface SuspectRow {
  readonly key: string;
  readonly lane: number;
  readonly fence: number;
  isGuilty: boolean;
}

export interface WorkerRow {
  readonly kind: string;
  readonly bundle: number;
  readonly hasOwnDoor: boolean;
  readonly looksAtRungs: boolean;
  readonly seenMs: number;
  readonly isStopped: boolean;
}

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly position: number;
  readonly runId: string;
  readonly type: string;
  readonly body: string;
  status: string;
  dueMs: number;
  attempts: number;
  lease: string | null;
  leasedUntilMs: number | null;
}

const LANES = 16;

export class Tables {
  head = 0;
  commandSeq = 0;
  readonly lanes: readonly LaneRow[] = Array.from({ length: LANES }, (_, lane) => ({
    lane,
    fence: 0,
    owner: null,
    leaseUntilMs: 0,
    dispatchedSeq: 0,
  }));
  readonly streams = new Map<string, StreamRow>();
  readonly events: EventRow[] = [];
  /** The same, by run. */
  readonly eventsOf = new Map<string, EventRow[]>();
  readonly commands = new Map<string, CommandRecord>();
  readonly requests = new Map<string, string>();
  readonly inbox = new Map<string, InboxRow>();
  readonly letters: LetterRow[] = [];
  readonly suspects = new Map<string, SuspectRow>();
  readonly documents = new Map<string, string>();
  readonly blobs = new Map<string, Buffer>();
  readonly workers = new Map<string, WorkerRow>();
  readonly places = new Places();
  /** The one webhook there is, and how far the log was followed for it. */
  cursor = 0;
  readonly deliveries = new Map<string, DeliveryRow>();

  constructor(readonly nowMs: () => number) {}

  isParked(runId: string): boolean {
    return this.streams.get(runId)?.status === 2;
  }

  stream(runId: string): StreamRow | undefined {
    return this.streams.get(runId);
  }
}

/** What a statement gives. */
export type Rows = readonly object[];
export type Statement = (tables: Tables, values: readonly unknown[], name: string) => Rows;
