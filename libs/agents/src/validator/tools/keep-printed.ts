import type { Execution } from '@baton/sandbox';
import { type BlobStore, putFile, type StoredBytes } from '@baton/workspace';
import type { ToolResult } from '../../task/outputs.js';
import { relativeTo, type ToolContext } from './tool.js';

/** Of each stream the end is kept: a report for machines may be longer, and is read by nobody. */
const MOST_BYTES = 256 * 1024;

/**
 * The same result with what its command printed beside the findings, as blobs: that is for people, and would be too much for
 * the state of a run and for a model.
 *
 * @param executions what was run for it
 */
export async function keepPrinted(
  context: ToolContext,
  result: ToolResult,
  executions: readonly Execution[],
  blobs: BlobStore,
): Promise<ToolResult> {
  const { execution } = result;
  const told = executions.findLast(({ record }) => record.outputSha256 === execution?.outputSha256);
  if (execution === null || told === undefined) return result;
  const ends = [told.stdout, told.stderr].map((text) => endOf(Buffer.from(relativeTo(context, text), 'utf8')));
  const [stdout = null, stderr = null] = await Promise.all(ends.map(({ bytes }) => stored(bytes, blobs)));
  const isCut = told.isOutputCut || ends.some((end) => end.isCut);
  return { ...result, execution: { ...execution, printed: { stdout, stderr, isCut } } };
}

/** From the beginning of a line on, where one begins soon enough. */
function endOf(bytes: Buffer): { readonly bytes: Buffer; readonly isCut: boolean } {
  if (bytes.length <= MOST_BYTES) return { bytes, isCut: false };
  const end = bytes.subarray(-MOST_BYTES);
  const line = end.subarray(0, 4_096).indexOf('\n');
  return { bytes: line < 0 ? end : end.subarray(line + 1), isCut: true };
}

const stored = async (bytes: Buffer, blobs: BlobStore): Promise<StoredBytes | null> =>
  bytes.length === 0 ? null : putFile(blobs, bytes);
