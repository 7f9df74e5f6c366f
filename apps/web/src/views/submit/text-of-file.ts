import { bytesOf } from '../../parts/spans.js';

/** A whole submission may have 1 MiB, and JSON makes a text a little longer. */
const MOST_BYTES = 1_000_000;

interface FileRead {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What a file says, or why it is no text: what was read wrongly would be worked on all the same. */
export async function textOfFile(file: FileRead): Promise<{ readonly text: string } | { readonly problem: string }> {
  const { name, size } = file;
  if (size > MOST_BYTES)
    return { problem: `${name} has ${bytesOf(size)}; at most ${bytesOf(MOST_BYTES)} can be sent.` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? { problem: `${name} is binary.` } : { text };
  } catch {
    return { problem: `${name} is no text in UTF-8.` };
  }
}
