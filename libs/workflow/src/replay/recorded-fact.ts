import { Actor } from '@baton/contracts';
import { z } from 'zod';
import type { StoredDocument } from '../document/stored-document.js';
import type { RunEvent } from '../events/run-event.js';
import { readEvent } from '../events/upcast.js';

/** An event as a row of the log holds it, with all that is said around it. */
export interface RecordedFact {
  readonly position: number;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  /** There where the data names a document. */
  readonly document?: StoredDocument | undefined;
  readonly causationId: string | null;
  readonly correlationId: string | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  readonly actorText: string;
}

/** @throws BatonError as `upcast` */
export const eventIn = (fact: RecordedFact): RunEvent => readEvent(fact);

export const actorIn = ({ actorText }: RecordedFact): Actor => Actor.parse(JSON.parse(actorText));

/** Whether two facts were written because of one order: one message, decided at one moment. */
export const isOfOneOrder = (one: RecordedFact, other: RecordedFact): boolean =>
  one.causationId === other.causationId && one.recordedAt === other.recordedAt;

const Data = z.json();

/** The data as it stands in the row, with members that nobody knows. */
export const dataIn = ({ dataText }: RecordedFact): z.output<typeof Data> => Data.parse(JSON.parse(dataText));
