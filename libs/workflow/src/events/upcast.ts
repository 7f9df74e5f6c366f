import { BatonError } from '@baton/contracts';
import type { StoredDocument } from '../document/stored-document.js';
import { withDocument } from './named-document.js';
import { EVENT_SCHEMA_VERSION, RunEvent } from './run-event.js';

/*
 * Events are never rewritten; what an old one means today is said here. When a type changes, its old shape is lifted
 * to the next one before the check, one step per version.
 */

/*
 * Version 2 (2026-11): decision records name tools that did not run; tasks name the template they were asked with, and
 * results the hash of its text; copies of the state hold the last steps and answers. What version 1 does not say is left
 * out and reads as "nobody said", so its events are read as they are.
 *
 * Version 3 (2026-11): a fork says which variables and which input it has otherwise. Before, there was nothing to say.
 *
 * Version 4 (2026-11): a task may ask a person (`TaskAsked`), and says how often; another goes on with the answer.
 *
 * Version 5 (2026-11): a person may do a step by hand (`by`, `byHand`), and a worker looks at what was handed in.
 *
 * Version 6 (2026-11): what is about a whole document names it by its hash (`named-document.ts`). Before, it holds it.
 *
 * Version 7 (2026-11): the start of a run says what decides, and `EngineChanged` when something else does. Before, nobody said.
 *
 * Version 8 (2026-11): a copy of a run says what tasks noted whose share of the budget was too small (`leftOff`). Before, the next
 * one began anew.
 *
 * Version 9 (2026-11): the start of a run says which trace it was submitted in, before, nobody said. The items of a Map may be read
 * from elsewhere (`source`, and `items` of a frame that has a batch of them); before, they were in the data of the state. A task
 * may be answered by its token (`requestId`), after its worker did its part (`TaskSubmitted`).
 */

const KNOWN_TYPES: ReadonlySet<string> = new Set(RunEvent.options.map((option) => option.shape.type.value));

/** An event as a row of the log holds it, lifted to the newest schema version. @throws BatonError as `upcast` */
export const readEvent = (stored: {
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  /** There where the event names a document. */
  readonly document?: StoredDocument | undefined;
  /** In the whole log, and in its run: for the sentence of an event that cannot be read. */
  readonly position?: number;
  readonly version?: number;
}): RunEvent =>
  upcast(stored.type, stored.schemaVersion, JSON.parse(stored.dataText), stored.document, placeOf(stored));

function placeOf({ position, version }: { readonly position?: number; readonly version?: number }): string {
  if (position !== undefined) return ` at position ${position}`;
  return version === undefined ? '' : `, event ${version} of its run`;
}

/**
 * Reads an event as it stands in the log. Stops loudly at what it does not know, since guessing would bend history.
 *
 * @param place where the event stands, for the sentence: ` at position 17`
 * @throws BatonError `unknown-event-type`, `unknown-event-version`, `malformed-event`, `document-missing`
 */
export function upcast(
  type: string,
  schemaVersion: number,
  data: unknown,
  document?: StoredDocument,
  place = '',
): RunEvent {
  if (!KNOWN_TYPES.has(type)) {
    throw new BatonError(`The log holds an event of the unknown type ${type}${place}.`, {
      code: 'unknown-event-type',
      next: 'Start the version of Baton that wrote it, or a newer one.',
    });
  }
  if (schemaVersion > EVENT_SCHEMA_VERSION || schemaVersion < 1) {
    throw new BatonError(
      `The log holds a ${type} of version ${schemaVersion}${place}; this program knows ${EVENT_SCHEMA_VERSION}.`,
      {
        code: 'unknown-event-version',
        next: 'Start the version of Baton that wrote it, or a newer one.',
      },
    );
  }
  const parsed = RunEvent.safeParse({ type, data: withDocument(type, data, document) });
  if (parsed.success) return parsed.data;
  throw new BatonError(`An event of type ${type}${place} does not have the shape of its version ${schemaVersion}.`, {
    code: 'malformed-event',
    next: 'Verify the log: an event that was written by Baton has this shape.',
    cause: parsed.error,
  });
}
