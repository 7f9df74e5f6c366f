import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { documentOfHash, type StoredDocument, storedDocument } from '../document/stored-document.js';
import type { RunEvent } from './run-event.js';

/*
 * Four events are about a whole document: the start of a run, and the copies of its state. The log holds the hash of it in
 * their data, as the first member, and the document itself once beside the events. Up to version 5 they hold the document.
 */

/** An event as it is to be stored. */
export interface EventToStore {
  readonly data: unknown;
  /** What the data names by its hash; null where that is nothing. */
  readonly document: StoredDocument | null;
}

export function toStore(event: RunEvent): EventToStore {
  switch (event.type) {
    case 'RunStarted': {
      const { document, ...data } = event.data;
      return naming(storedDocument(document), data);
    }
    case 'RunForked':
    case 'RunRetried':
    case 'RunContinued': {
      const { document, ...carry } = event.data.carry;
      return naming(storedDocument(document), { ...event.data, carry });
    }
    default:
      return { data: event.data, document: null };
  }
}

const naming = (document: StoredDocument, data: object): EventToStore => ({
  data: { documentSha256: document.sha256, ...data },
  document,
});

const Naming = z.looseObject({ documentSha256: z.string() });
const NamingInCopy = Naming.extend({ carry: z.looseObject({}) });

/** The data of a stored event with the document that it names, which is looked up by whoever reads the log. */
export function withDocument(type: string, data: unknown, stored: StoredDocument | undefined): unknown {
  switch (type) {
    case 'RunStarted': {
      const named = Naming.safeParse(data);
      if (!named.success || named.data.document !== undefined) return data;
      const { documentSha256, ...rest } = named.data;
      return { ...rest, document: documentNamed(type, documentSha256, stored) };
    }
    case 'RunForked':
    case 'RunRetried':
    case 'RunContinued': {
      const named = NamingInCopy.safeParse(data);
      if (!named.success || named.data.carry.document !== undefined) return data;
      const { documentSha256, carry, ...rest } = named.data;
      return { ...rest, carry: { ...carry, document: documentNamed(type, documentSha256, stored) } };
    }
    default:
      return data;
  }
}

function documentNamed(type: string, sha256: string, stored: StoredDocument | undefined) {
  if (stored?.sha256 === sha256) return documentOfHash(stored);
  throw new BatonError(`A ${type} names the document ${sha256}, which is not there.`, {
    code: 'document-missing',
    next: 'Verify the log with `baton audit verify`; documents stand in the table baton.document: restore it from a backup.',
  });
}
