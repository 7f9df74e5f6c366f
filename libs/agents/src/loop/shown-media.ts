import type { Media } from '@baton/llm';
import type { ConverseContext } from './converse-context.js';
import type { Turn } from './progress.js';

/** The images and PDF of a conversation as they are sent, by their hash. Their bytes are blobs, and in no journal. */
export async function shownMedia(
  turns: readonly Turn[],
  { knowledge }: Pick<ConverseContext, 'knowledge'>,
): Promise<ReadonlyMap<string, Media>> {
  const found = new Map<string, Media>();
  for (const media of turns.flatMap(({ outcomes }) => outcomes.flatMap((outcome) => outcome.media ?? []))) {
    const bytes = found.has(media.sha256) ? undefined : await knowledge?.bytesOf(media);
    if (bytes === undefined) continue;
    found.set(media.sha256, { name: media.name, mediaType: media.mediaType, base64: bytes.toString('base64') });
  }
  return found;
}
