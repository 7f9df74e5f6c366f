import { isUtf8 } from 'node:buffer';

/** The text of a file, its BOM and line ends as they are; null where it is none: not UTF-8, or with the NUL that no text has. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0) || !isUtf8(bytes)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Larger files are compared as a whole. */
const MAX_COMPARED_BYTES = 2 * 1024 * 1024;

/** The same, and null where it is too large to be compared by lines, too. */
export const comparableText = (bytes: Uint8Array): string | null =>
  bytes.length > MAX_COMPARED_BYTES ? null : textOf(bytes);

/** Each with its line end; the last may have none. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
