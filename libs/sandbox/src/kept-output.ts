import { createHash } from 'node:crypto';

/** The end of what a stream said, and the hash of all that was read of it. */
export interface KeptOutput {
  text(): string;
  isCut(): boolean;
  bytes(): number;
  sha256(): Buffer;
}

export function keepOutput(stream: NodeJS.ReadableStream | null, maxBytes: number, onBytes: () => void): KeptOutput {
  const hash = createHash('sha256');
  let chunks: Buffer[] = [];
  let kept = 0;
  let read = 0;
  stream?.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    read += chunk.length;
    chunks.push(chunk);
    kept += chunk.length;
    // Joined only now and then: once for each chunk would copy the whole end for each line of a talkative program.
    if (kept > 2 * maxBytes) {
      chunks = [Buffer.concat(chunks).subarray(-maxBytes)];
      kept = maxBytes;
    }
    onBytes();
  });
  stream?.on('error', () => {}); // The other end was killed: what was read until then counts.
  return {
    text: () => Buffer.concat(chunks).subarray(-maxBytes).toString('utf8'),
    isCut: () => read > maxBytes,
    bytes: () => read,
    sha256: () => hash.copy().digest(),
  };
}
