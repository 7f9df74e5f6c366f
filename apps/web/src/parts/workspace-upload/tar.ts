/*
 * An archive in the format ustar (POSIX.1-1988), with a header of pax (POSIX.1-2001) in front of a file whose path does not
 * fit into that, or is not ASCII. Nothing of when or whose a file is stands in it.
 */

export interface TarFile {
  /** With "/" between its parts. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const BLOCK = 512;
const NAME = 100;
const PREFIX = 155;
const MODE = 0o644;

const encoder = new TextEncoder();

/** The parts of an archive, in order, as a Blob takes them: the bytes of the files are not copied. */
export function tarOf(files: readonly TarFile[]): readonly Uint8Array<ArrayBuffer>[] {
  return [...files.flatMap(entryOf), new Uint8Array(2 * BLOCK)];
}

function entryOf({ path, bytes }: TarFile): readonly Uint8Array<ArrayBuffer>[] {
  const place = placeOf(path);
  if (place !== null) return [headerOf(place, bytes.length, '0'), bytes, paddingOf(bytes.length)];
  const record = paxRecord('path', path);
  return [
    ...[headerOf({ name: 'PaxHeader', prefix: '' }, record.length, 'x'), record, paddingOf(record.length)],
    // Whoever reads pax takes the path from there; the name here is for whoever does not.
    ...[headerOf({ name: 'file', prefix: '' }, bytes.length, '0'), bytes, paddingOf(bytes.length)],
  ];
}

interface Place {
  readonly name: string;
  readonly prefix: string;
}

/** A path in the two fields of a header, divided at a slash; null where it does not fit there. */
function placeOf(path: string): Place | null {
  if (!/^[\x20-\x7e]*$/.test(path)) return null;
  if (path.length <= NAME) return { name: path, prefix: '' };
  const slash = path.indexOf('/', path.length - NAME - 1);
  if (slash < 1 || slash > PREFIX || slash === path.length - 1) return null;
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

/** `LENGTH key=value\n`, where the length counts itself, in bytes. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest + String(rest).length;
  while (rest + String(length).length > length) length += 1;
  return encoder.encode(`${length} ${key}=${value}\n`);
}

function headerOf({ name, prefix }: Place, size: number, type: '0' | 'x'): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(BLOCK);
  const write = (at: number, text: string): void => header.set(encoder.encode(text), at);
  const octal = (at: number, digits: number, value: number): void =>
    write(at, `${value.toString(8).padStart(digits, '0')}\0`);
  write(0, name);
  octal(100, 7, MODE);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, 0);
  // The sum is made with spaces in its own place.
  write(148, ' '.repeat(8));
  write(156, type);
  write(257, 'ustar\x0000');
  write(345, prefix);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

const paddingOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
