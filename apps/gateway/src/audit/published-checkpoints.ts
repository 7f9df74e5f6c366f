import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@baton/contracts';
import { checkpointsFrom } from '@baton/event-store';
import { keyChain, openCheckpoint, readLogKeys, type SignedCheckpoint, type VerifierKey } from '@baton/proof';
import type { Pool } from 'pg';
import type { AuditParts } from '../checkpoints/audit-parts.js';
import { originOf } from '../checkpoints/make-checkpoint.js';
import {
  ACCESS_LATEST,
  checkpointName,
  isCheckpointName,
  isRotationName,
  LATEST,
  type Publication,
} from '../publication/publication.js';

/** A checkpoint that the log is held against. */
export interface Witness {
  readonly size: number;
  readonly root: Buffer;
  /** Where it stands, for people. */
  readonly name: string;
}

/** What was published, read and opened. */
export interface Published {
  /** In the order of their sizes; one size may stand there more than once. */
  readonly witnesses: readonly Witness[];
  readonly latest: SignedCheckpoint | null;
  readonly chain: readonly VerifierKey[];
  readonly rotations: readonly string[];
  /** The first thing that is wrong with what was published. */
  readonly problem: string | null;
}

const READ_AT_ONCE = 16;
const PAGE = 10_000;

/**
 * Reads every checkpoint that was published, and those that were made here. Where the place cannot list what it holds, those
 * that are known to have been made are asked for.
 */
async function readPublished(pool: Pool, publication: Publication, trusted: VerifierKey): Promise<Published> {
  const made = await madeHere(pool);
  const names = await publication.list();
  const checkpoints = names?.filter(isCheckpointName).toSorted() ?? made.map(({ size }) => checkpointName(size));
  const { chain, rotations } = await readKeys(publication, names, trusted);
  const latestNote = await publication.get(LATEST);
  const found = await textsIn(publication, checkpoints);
  const notes = [
    ...found.map(({ name, text }) => ({ name: `${name} in ${publication.where}`, text })),
    ...(latestNote === null ? [] : [{ name: `${LATEST} in ${publication.where}`, text: latestNote }]),
    ...made.map(({ size, note }) => ({ name: `of ${size} events in the database`, text: note })),
  ];
  const witnesses: (Witness & { readonly keyNo: number })[] = [];
  const told = { chain, rotations };
  const wrong = (problem: string): Published => ({ ...told, witnesses, latest: null, problem });
  for (const { name, text } of notes) {
    try {
      const { size, root, signedBy } = openCheckpoint(text, chain);
      witnesses.push({ size, root, name, keyNo: keyNoOf(signedBy, chain) });
    } catch (thrown) {
      return wrong(`the checkpoint ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  witnesses.sort((a, b) => a.size - b.size);
  const late = firstAfterItsEnd(witnesses);
  if (late !== undefined) return wrong(`the checkpoint ${late.name} is signed by a key after its end`);
  const newest = witnesses.filter(({ name }) => name.includes(publication.where)).at(-1);
  const latest =
    latestNote === null
      ? null
      : await latestOf(publication, LATEST, openCheckpoint(latestNote, chain), {
          isEnough: ({ size }) => size >= (newest?.size ?? 0),
          opened: (text) => openCheckpoint(text, chain),
        });
  if (latest !== null && newest !== undefined && newest.size > latest.size) {
    return wrong(
      `${LATEST} says ${latest.size} events, and a checkpoint of ${newest.size} was published: it was put back`,
    );
  }
  return { ...told, witnesses, latest, problem: null };
}

/** Which key of the chain signed: the newest of those that did. */
export const keyNoOf = (signedBy: readonly VerifierKey[], chain: readonly VerifierKey[]): number =>
  Math.max(...signedBy.map((key) => chain.indexOf(key)));

/** The first, of notes in their order, that an older key signed than the one before it: no key signs after its end. */
export const firstAfterItsEnd = <Note extends { readonly keyNo: number }>(notes: readonly Note[]): Note | undefined =>
  notes.find(({ keyNo }, n) => keyNo < (notes[n - 1]?.keyNo ?? 0));

const readKeys = async (publication: Publication, names: readonly string[] | null, trusted: VerifierKey) => {
  const found = await textsIn(publication, names?.filter(isRotationName).toSorted() ?? []);
  const rotations = found.map(({ text }) => text);
  return { chain: keyChain(trusted, rotations), rotations };
};

/** @returns null where nothing is published yet, a text where it is wrong */
export const publishedOf = (parts: AuditParts): Promise<Published | string | null> =>
  openedBy(parts, async (publication, trusted) => {
    const published = await readPublished(parts.pool, publication, trusted);
    return published.problem ?? published;
  });

/** The keys that may have signed what is published, whatever that is. @returns as publishedOf */
export const publishedKeys = (parts: AuditParts): Promise<readonly VerifierKey[] | string | null> =>
  openedBy(parts, async (publication, trusted) => {
    const { chain } = await readKeys(publication, await publication.list(), trusted);
    return chain;
  });

async function openedBy<T>(
  { pool, publication, keys: folder }: AuditParts,
  read: (publication: Publication, trusted: VerifierKey) => Promise<T>,
): Promise<T | string | null> {
  if (publication === null) return null;
  try {
    const keys = await readLogKeys(folder, await originOf(pool));
    if (keys !== null) return await read(publication, keys.signer.verifier);
    const found = (await publication.get(LATEST)) ?? (await publication.get(ACCESS_LATEST));
    return found === null ? null : 'what is published is signed, and the key of the log is not there';
  } catch (thrown) {
    const error = toError(thrown);
    if ('code' in error && (error.code === 'bad-note' || error.code === 'log-key-unusable')) return error.message;
    throw thrown;
  }
}

const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 250;

/**
 * The newest note of its kind, which stands under its own name a moment before it is the latest; after a kill in between the next
 * one puts that right. So one that is behind what was published is asked for again, for some seconds.
 */
export async function latestOf<Note>(
  publication: Publication,
  name: string,
  found: Note,
  { isEnough, opened }: { readonly isEnough: (note: Note) => boolean; readonly opened: (text: string) => Note },
): Promise<Note> {
  let latest = found;
  for (let waitedMs = 0; !isEnough(latest) && waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
    const text = await publication.get(name);
    if (text !== null) latest = opened(text);
  }
  return latest;
}

async function madeHere(pool: Pool) {
  const made: { readonly size: number; readonly note: string }[] = [];
  for (;;) {
    const page = await checkpointsFrom(pool, (made.at(-1)?.size ?? 0) + 1, PAGE);
    made.push(...page);
    if (page.length < PAGE) return made;
  }
}

/** What was published under these names; those under which nothing was are left out. */
export async function textsIn(publication: Publication, names: readonly string[]) {
  const found: { readonly name: string; readonly text: string }[] = [];
  for (let at = 0; at < names.length; at += READ_AT_ONCE) {
    const page = names.slice(at, at + READ_AT_ONCE);
    const read = await Promise.all(page.map(async (name) => ({ name, text: await publication.get(name) })));
    found.push(...read.flatMap(({ name, text }) => (text === null ? [] : [{ name, text }])));
  }
  return found;
}
