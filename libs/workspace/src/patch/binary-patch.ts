import { deflateSync } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const BYTES_A_LINE = 52;

/** The bytes of a file as git's `literal` hunk has them: deflated, in base 85, each line with its length before it. */
export function literalHunk(bytes: Buffer): string {
  const deflated = deflateSync(bytes);
  const lines: string[] = [];
  for (let at = 0; at < deflated.length; at += BYTES_A_LINE) {
    const part = deflated.subarray(at, at + BYTES_A_LINE);
    lines.push(`${lengthLetter(part.length)}${base85(part)}\n`);
  }
  return `literal ${bytes.length}\n${lines.join('')}\n`;
}

const lengthLetter = (length: number): string =>
  length <= 26 ? String.fromCharCode(64 + length) : String.fromCharCode(96 + length - 26);

/** Four bytes to five digits; the last group is filled up with zeros. */
function base85(bytes: Buffer): string {
  const padded = Buffer.alloc(Math.ceil(bytes.length / 4) * 4);
  bytes.copy(padded);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    let value = padded.readUInt32BE(at);
    const digits: string[] = [];
    for (let digit = 0; digit < 5; digit += 1) {
      digits.unshift(DIGITS[value % 85] ?? '');
      value = Math.floor(value / 85);
    }
    text += digits.join('');
  }
  return text;
}
