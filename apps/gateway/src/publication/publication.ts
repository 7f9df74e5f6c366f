import { BatonError } from '@baton/contracts';

/*
 * Where checkpoints are published: somewhere that whoever can change the database cannot change. Names are paths of lower-case
 * letters, digits, dashes, dots and slashes; what is called `latest.txt` alone is ever replaced.
 */
export interface Publication {
  /** For people; without secrets. */
  readonly where: string;
  /** What was published under a name; null where nothing was. */
  get(name: string): Promise<string | null>;
  /** Publishes what must not be there yet. @returns false where there is something under the name already */
  create(name: string, text: string): Promise<boolean>;
  replace(name: string, text: string): Promise<void>;
  /** All names, in no order; null where the place cannot say. */
  list(): Promise<readonly string[] | null>;
}

export const LATEST = 'latest.txt';

/** A million positions share a folder. */
export function checkpointName(size: number): string {
  const digits = String(size).padStart(16, '0');
  return `${digits.slice(0, 10)}/${digits}.txt`;
}

export const isCheckpointName = (name: string): boolean => /^\d{10}\/\d{16}\.txt$/.test(name);

/** The newest hash of the log of access, and every one that was published. */
export const ACCESS_LATEST = 'access/latest.txt';
export const accessName = (position: number): string => `access/${checkpointName(position)}`;
export const isAccessName = (name: string): boolean => /^access\/\d{10}\/\d{16}\.txt$/.test(name);

/** The statement that one key follows another. */
export const rotationName = (from: string, to: string): string => `keys/${from}-${to}.txt`;
export const isRotationName = (name: string): boolean => /^keys\/[0-9a-f]{8}-[0-9a-f]{8}\.txt$/.test(name);

/**
 * Publishes a text for good. The same text again changes nothing.
 *
 * @throws BatonError `published-otherwise` where another one stands there
 */
export async function publish(publication: Publication, name: string, text: string): Promise<void> {
  if (await publication.create(name, text)) return;
  const found = await publication.get(name);
  if (found === text) return;
  throw new BatonError(`${publication.where} holds another text under ${name} than the one to be published.`, {
    code: 'published-otherwise',
    next: 'Two logs are published to one place, or somebody changed what was published: see docs/audit.md.',
  });
}
