/*
 * UTF-8 and Base64 without a platform: this library knows neither Node nor a browser. Half a surrogate pair becomes
 * U+FFFD, as everywhere else.
 */

/** How many bytes a text takes in UTF-8. */
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

export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  const put = (...values: readonly number[]): void => {
    for (const value of values) {
      bytes[at] = value;
      at += 1;
    }
  };
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
    if (code < 0x80) put(code);
    else if (code < 0x800) put(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) put(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else put(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

/** The text that bytes are in UTF-8; what is none becomes U+FFFD. */
export function textOfUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthFrom(bytes[at] ?? 0);
    const point = length === 0 ? null : pointIn(bytes.subarray(at, at + length), length);
    text += point === null ? '\ufffd' : String.fromCodePoint(point);
    at += point === null ? 1 : length;
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
  return point <= 0x10ffff ? point : null;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63] ?? '').join('');
    const missing = Math.max(0, at + 3 - bytes.length);
    text += letters.slice(0, 4 - missing) + '='.repeat(missing);
  }
  return text;
}

/** Null where the text is no Base64. */
export function fromBase64(text: string): Uint8Array | null {
  const letters = text.replace(/={0,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(letters) || letters.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of letters) {
    held = ((held << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 255;
    at += 1;
  }
  return bytes;
}
