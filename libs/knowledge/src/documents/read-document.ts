import { htmlText } from './html-text.js';
import type { Kind } from './kinds.js';
import { type Passage, passagesOf } from './passages.js';
import { charsetInPage, textOfBytes } from './text-of-bytes.js';

/** A text as it is searched and read. */
export interface Document {
  /** Of a page the lines of its text, and not those of its HTML. */
  readonly lines: readonly string[];
  readonly passages: readonly Passage[];
  /** What of it is not as it was: a clause, or null. */
  readonly remark: string | null;
}

/** Null where the bytes are no text. */
export async function readDocument(
  bytes: Buffer,
  kind: Exclude<Kind, 'image' | 'pdf'>,
  charset: string | null,
): Promise<Document | null> {
  const named = charset ?? (kind === 'html' ? charsetInPage(bytes) : null);
  const decoded = textOfBytes(bytes, named);
  if (decoded === null) return null;
  const page = kind === 'html' ? await htmlText(decoded.text) : { text: decoded.text, isCut: false };
  const lines = page.text.replace(/\n$/, '').split('\n');
  const remarks = [
    ...(decoded.isWhole ? [] : ['some of its characters could not be read']),
    ...(page.isCut ? ['its elements are nested so deeply that it was read in part'] : []),
  ];
  return {
    lines,
    passages: passagesOf(lines, kind !== 'text'),
    remark: remarks.length === 0 ? null : remarks.join(', and '),
  };
}
