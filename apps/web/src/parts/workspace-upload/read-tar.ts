import type { TarFile } from './tar.js';

/* The files of an archive as the gateway writes it: ustar, with headers of pax in front of paths that do not fit into that. */

const BLOCK = 512;

/** Folders and whatever else is no file are passed over. @throws Error where it ends in the middle */
export function readTar(archive: Uint8Array<ArrayBuffer>): readonly TarFile[] {
  const files: TarFile[] = [];
  let path: string | null = null;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = sizeIn(header);
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (bytes.length < size) throw new Error('The archive ends in the middle of a file.');
    const type = textIn(header, 156, 1);
    if (type === 'x') path = paxPath(bytes) ?? path;
    else {
      if (type === '0' || type === '') files.push({ path: path ?? pathIn(header), bytes });
      path = null;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

const decoder = new TextDecoder();

/** A field of a header, which ends with its first NUL. */
function textIn(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}

const sizeIn = (header: Uint8Array): number => Number.parseInt(textIn(header, 124, 12).trim() || '0', 8);

function pathIn(header: Uint8Array): string {
  const prefix = textIn(header, 345, 155);
  const name = textIn(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path among the records of a header of pax: each is `LENGTH key=value\n`, its length in bytes. */
function paxPath(records: Uint8Array): string | null {
  let found: string | null = null;
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(0x20, at);
    const length = Number(decoder.decode(records.subarray(at, space)));
    if (space === -1 || !Number.isInteger(length) || length < 1) break;
    const record = decoder.decode(records.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) found = record.slice('path='.length);
    at += length;
  }
  return found;
}
