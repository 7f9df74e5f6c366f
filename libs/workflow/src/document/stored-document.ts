import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { WorkflowDocument } from './workflow-document.js';

/*
 * Runs name their document by its hash, and it is stored once. In a process it is one object for all runs that name it:
 * whatever follows from a document, its machine above all, is then found by that object and made once.
 */

/** A document as it is stored: its text, and the SHA-256 (hex) of that, by which events name it. */
export interface StoredDocument {
  readonly sha256: string;
  readonly text: string;
}

const MOST_KEPT = 1_000;
/** Characters of text. In memory, a document and its machine are some ten times that. */
const MOST_TEXT = 16 * 1024 * 1024;

/** The documents read last, by the hash of their text, or by the text itself where an old event holds that. */
const kept = new Map<string, { readonly document: WorkflowDocument; readonly size: number }>();
let keptSize = 0;

const read = new WeakSet<object>();
const stored = new WeakMap<WorkflowDocument, StoredDocument>();

/** A document as it is to be stored. The members stand as they are written: their order is part of what a run sees. */
export function storedDocument(document: WorkflowDocument): StoredDocument {
  const known = stored.get(document);
  if (known !== undefined) return known;
  const text = JSON.stringify(document);
  const found = { sha256: bytesToHex(sha256(utf8ToBytes(text))), text };
  stored.set(document, found);
  if (!kept.has(found.sha256)) keep(found.sha256, document, text.length);
  return found;
}

/**
 * The document of a stored text: the same object each time, as long as it is remembered. That the text has the hash is
 * believed.
 *
 * @throws ZodError where the text is no workflow document
 */
export function documentOfHash({ sha256: name, text }: StoredDocument): WorkflowDocument {
  const known = keptUnder(name);
  if (known !== undefined) return known;
  const document = WorkflowDocument.parse(JSON.parse(text));
  stored.set(document, { sha256: name, text });
  keep(name, document, text.length);
  return document;
}

function keptUnder(name: string): WorkflowDocument | undefined {
  const known = kept.get(name);
  if (known === undefined) return undefined;
  kept.delete(name);
  kept.set(name, known);
  return known.document;
}

function keep(name: string, document: WorkflowDocument, size: number): void {
  read.add(document);
  kept.set(name, { document, size });
  keptSize += size;
  for (const [oldest, { size: itsSize }] of kept) {
    if (kept.size <= MOST_KEPT && (keptSize <= MOST_TEXT || kept.size === 1)) return;
    kept.delete(oldest);
    keptSize -= itsSize;
  }
}

const isRead = (value: object): value is WorkflowDocument => read.has(value);

/** The document in an event or a snapshot: one that was read already is taken as it is, any other is read once. */
export const DocumentOfEvent = z.unknown().transform((json, context): WorkflowDocument => {
  if (typeof json === 'object' && json !== null && isRead(json)) return json;
  const text = JSON.stringify(json) ?? '';
  const known = keptUnder(text);
  if (known !== undefined) return known;
  const parsed = WorkflowDocument.safeParse(json);
  if (parsed.success) {
    keep(text, parsed.data, text.length);
    return parsed.data;
  }
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});
