import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { generateSignerKey, parseSignerKey, type SignerKey } from '../notes/note-keys.js';
import { signRotation } from '../notes/rotation.js';

/** What a folder of keys has for the log. */
export interface LogKeys {
  readonly signer: SignerKey;
  /** Statements that a key follows another, as `baton audit key rotate` wrote them. */
  readonly rotations: readonly string[];
}

const KEY_FILE = 'log.key';
const ROTATION = /^log-[0-9a-f]{8}-[0-9a-f]{8}\.rotation$/;

/**
 * Reads the key that checkpoints are signed with; null where there is none yet. Read anew for each checkpoint, so that a key
 * that was rotated counts from the next one on.
 *
 * @throws BatonError `log-key-unusable`
 */
export async function readLogKeys(folder: string, origin: string): Promise<LogKeys | null> {
  const text = await readFile(join(folder, KEY_FILE), 'utf8').catch(orNull);
  if (text === null) return null;
  const signer = parsed(folder, text);
  if (signer.verifier.name !== origin) {
    throw unusable(folder, `is for the log ${signer.verifier.name}, and this is ${origin}`);
  }
  // One that follows the key at hand is left of a rotation that was cut off.
  const isDone = (name: string): boolean => !name.startsWith(`log-${signer.verifier.id}-`);
  const names = (await readdir(folder)).filter((name) => ROTATION.test(name) && isDone(name)).toSorted();
  const rotations = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return { signer, rotations };
}

function parsed(folder: string, text: string): SignerKey {
  try {
    return parseSignerKey(text);
  } catch (thrown) {
    throw unusable(folder, 'is no key', thrown);
  }
}

/** Makes the first key of a log. Of two that make one at once, one wins, and both use it. */
export async function createLogKey(folder: string, origin: string): Promise<void> {
  const draft = join(folder, `${KEY_FILE}.${process.pid}.draft`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await written(draft, `${generateSignerKey(origin).text}\n`, 0o600);
    await link(draft, join(folder, KEY_FILE));
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) {
      throw unusable(folder, `cannot be made (${toError(thrown).message})`, thrown);
    }
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/**
 * Puts a new key in the place of the one that signs, with a statement that it follows it, which both signed. The old private
 * key is gone then. After a crash in between it is done again.
 *
 * @returns null where there is no key yet
 */
export async function rotateLogKey(
  folder: string,
): Promise<{ readonly from: SignerKey; readonly to: SignerKey } | null> {
  const text = await readFile(join(folder, KEY_FILE), 'utf8').catch(orNull);
  if (text === null) return null;
  const from = parsed(folder, text);
  const to = generateSignerKey(from.verifier.name);
  const unfinished = (await readdir(folder)).filter((name) => name.startsWith(`log-${from.verifier.id}-`));
  await Promise.all(unfinished.map((name) => rm(join(folder, name))));
  const draft = join(folder, `${KEY_FILE}.${process.pid}.draft`);
  await written(draft, `${to.text}\n`, 0o600);
  await written(join(folder, `log-${from.verifier.id}-${to.verifier.id}.rotation`), signRotation(from, to), 0o644);
  await rename(draft, join(folder, KEY_FILE));
  return { from, to };
}

async function written(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const unusable = (folder: string, why: string, cause?: unknown): BatonError =>
  new BatonError(`The key of the log in ${folder} ${why}.`, {
    code: 'log-key-unusable',
    next: 'Put back the file log.key that this log was signed with, or give BATON_HOME the folder that holds it.',
    cause,
  });

function orNull(thrown: unknown): null {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
  throw thrown;
}
