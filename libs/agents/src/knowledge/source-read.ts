import type { KnowledgeUse, ShownMedia, SourceRead } from '@baton/contracts';
import { mediaTypeOf, type OpenedKnowledge, type Source } from '@baton/knowledge';
import { type BlobStore, putFile } from '@baton/workspace';

type TextSource = Extract<Source, { kind: 'text' }>;
type MediaSource = Exclude<Source, TextSource>;

export const readOf = ({ name, sha256, bytes, readAt }: TextSource, shown: string): SourceRead => ({
  source: name,
  sha256,
  bytes,
  at: readAt,
  shownBytes: Buffer.byteLength(shown),
});

/** What a look read; what could not be read is said with it. */
export const useOf = ({ sources, leftOut }: OpenedKnowledge, read: readonly SourceRead[]): KnowledgeUse => ({
  read: [...read],
  leftOut: leftOut.map(({ location, reason }) => ({ location, reason })),
  searched: { sources: sources.length, bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0) },
});

/** One sentence for each location that could not be read. */
export const leftOutLines = ({ leftOut }: OpenedKnowledge): readonly string[] =>
  leftOut.map(({ location, reason }) => `Not read: ${location}: ${reason}.`);

/** An image or a PDF whose bytes are stored, to be shown; null where they are not what its name says. */
export async function mediaOf(
  source: MediaSource,
  store: BlobStore,
): Promise<{ readonly media: ShownMedia; readonly read: SourceRead } | null> {
  const bytes = await source.load();
  const mediaType = bytes === null ? null : mediaTypeOf(bytes);
  if (bytes === null || mediaType === null || (mediaType === 'application/pdf') !== (source.kind === 'pdf'))
    return null;
  const { sha256, size } = await putFile(store, bytes);
  const { name, readAt } = source;
  return {
    media: { name, mediaType, sha256, size },
    read: { source: name, sha256, bytes: size, at: readAt, shownBytes: size },
  };
}
