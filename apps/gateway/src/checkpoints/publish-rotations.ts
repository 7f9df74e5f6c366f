import type { LogKeys } from '@baton/proof';
import { type Publication, publish, rotationName } from '../publication/publication.js';

/** Publishes the statements by which a key follows another: before anything that the new one signs. */
export async function publishRotations(publication: Publication, { rotations }: LogKeys): Promise<void> {
  for (const statement of rotations) {
    const [, from = '', to = ''] =
      /^baton key rotation v1\n[^+]+\+([0-9a-f]{8})\+\S+\n[^+]+\+([0-9a-f]{8})\+/.exec(statement) ?? [];
    await publish(publication, rotationName(from, to), statement);
  }
}
