import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64nopad } from '@scure/base';

/*
 * What the libraries for bytes do not do: count without making bytes (ten times the time for a short text), read bytes that
 * are no UTF-8 without taking a BOM off, and read Base64 that lacks its padding or has bits behind its last byte.
 */

/** How many bytes a text takes in UTF-8, half a surrogate pair three. Asked of every output, so it makes no bytes to count. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isLeading(code) && isTrailing(text.charCodeAt(i + 1))) {
      bytes += 4;
      i += 1;
    } else bytes += 3;
  }
  return bytes;
}

const isLeading = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isTrailing = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/** The bytes of a text in UTF-8; null where it holds half a surrogate pair, which has none. */
export const toUtf8 = (text: string): Uint8Array | null => (text.isWellFormed() ? utf8ToBytes(text) : null);

/** What is said of a text that has no bytes. */
export const NO_BYTES = 'the text holds half a surrogate pair, which no bytes stand for';

/** What is said of bytes that are no text. */
export const NO_TEXT = 'the bytes are no text in UTF-8, and no other bytes can be kept as a text';

/** The text that bytes are in UTF-8; null where they are none. */
export function textOfUtf8(bytes: Uint8Array): string | null {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthFrom(bytes[at] ?? 0);
    const point = length === 0 ? null : pointIn(bytes.subarray(at, at + length), length);
    if (point === null) return null;
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** How many bytes a character has that begins with this one; 0 where none does. */
function lengthFrom(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc2 ? 2 : 0;
}

function pointIn(bytes: Uint8Array, length: number): number | null {
  const [first = 0, ...rest] = bytes;
  if (bytes.length < length || rest.some((byte) => byte >> 6 !== 2)) return null;
  const point = rest.reduce(
    (before, byte) => (before << 6) | (byte & 63),
    length === 1 ? first : first & (0x7f >> length),
  );
  // A longer form than is needed, and half a surrogate pair, are no UTF-8.
  const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0;
  const isHalf = point >= 0xd800 && point < 0xe000;
  return point >= least && point <= 0x10ffff && !isHalf ? point : null;
}

/** Null where the text is no Base64. Padding may be missing, and what stands behind the last byte does not matter. */
export function fromBase64(text: string): Uint8Array | null {
  const letters = text.replace(/={0,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(letters) || letters.length % 4 === 1) return null;
  const wholeGroups = letters.padEnd(Math.ceil(letters.length / 4) * 4, 'A');
  return base64nopad.decode(wholeGroups).subarray(0, Math.floor((letters.length * 3) / 4));
}
