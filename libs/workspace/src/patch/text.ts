import { isUtf8 } from 'node:buffer';

/** Larger files are compared as a whole. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;

/** The text of a file, its BOM and line ends as they are; null where it is binary or too large to be compared by lines. */
export function textOf(bytes: Buffer): string | null {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0) || !isUtf8(bytes)) return null;
  return bytes.toString('utf8');
}

/** Each with its line end; the last may have none. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
