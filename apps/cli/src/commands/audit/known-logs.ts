import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointView, type SignedLog, toError } from '@baton/contracts';
import {
  isConsistent,
  keyChain,
  openCheckpoint,
  parseVerifierKey,
  type SignedCheckpoint,
  type VerifierKey,
} from '@baton/proof';
import { z } from 'zod';
import type { Context } from '../../context.js';
import { UsageError, VerificationMismatch } from '../../exit-codes.js';
import type { Gateway } from '../../gateway/gateway.js';
import { writeLine } from '../../output.js';
import { writePrivateFile } from '../../private-file.js';

/*
 * Which key each log is believed by, and how far it was seen: as SSH remembers the servers it met. What a gateway says later
 * must go on from that, whatever became of its database, its key and what it published.
 */

const KnownLog = z.object({
  /** The public key. */
  key: z.string(),
  /** The last checkpoint that was seen. */
  checkpoint: z.string(),
});
const KnownLogs = z.record(z.string(), KnownLog);
type KnownLogs = z.infer<typeof KnownLogs>;

const fileOf = (context: Context): string => join(context.env.home, 'known-logs.json');

export async function readKnownLogs(context: Context): Promise<KnownLogs> {
  const text = await readFile(fileOf(context), 'utf8').catch(() => '{}');
  const parsed = KnownLogs.safeParse(safeJson(text));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${fileOf(context)}, which remembers the keys of logs, cannot be read.`,
    'Put it back from a backup, or remove it; the next verification then trusts what it sees.',
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Remembers a log under a name: the address of its gateway, or for bundles its origin. */
export async function remember(context: Context, name: string, known: z.infer<typeof KnownLog>): Promise<void> {
  await mkdir(context.env.home, { recursive: true, mode: 0o700 });
  const logs = { ...(await readKnownLogs(context)), [name]: known };
  await writePrivateFile(fileOf(context), `${JSON.stringify(logs, null, 2)}\n`);
}

export interface Trust {
  /** The value of `--key`: a public key, or a file that holds one. */
  readonly key?: string;
  /** false: nothing is remembered, and nothing is held against what is. */
  readonly pin: boolean;
}

/** @throws UsageError */
export async function keyFrom(context: Context, word: string | undefined): Promise<VerifierKey | null> {
  if (word === undefined) return null;
  const text = word.includes('+')
    ? word
    : await readFile(join(context.env.workingDirectory, word), 'utf8').catch(() => word);
  try {
    return parseVerifierKey(text);
  } catch (thrown) {
    throw new UsageError(
      `--key ${word} is neither a public key nor a file with one.`,
      'Give the line that `baton audit key` shows where the log is signed.',
      thrown,
    );
  }
}

/**
 * Holds what a gateway says against what is known of its log.
 *
 * @returns the checkpoint, opened; null where none is published and none was known
 * @throws VerificationMismatch
 */
export async function holdAgainstKnown(
  context: Context,
  gateway: Gateway,
  signed: Pick<SignedLog, 'checkpoint' | 'rotations'> | undefined,
  trust: Trust,
): Promise<SignedCheckpoint | null> {
  const known = trust.pin ? (await readKnownLogs(context))[gateway.url] : undefined;
  const given = await keyFrom(context, trust.key);
  if (signed === undefined) {
    if (known === undefined && given === null) return null;
    throw new VerificationMismatch('the log was signed before, and no checkpoint of it is published now.');
  }
  const view = (from?: number): Promise<CheckpointView> =>
    gateway.get('/v1/audit/checkpoint', { params: { query: { from } }, signal: context.interrupted });
  const pinned = known === undefined ? null : parseVerifierKey(known.key);
  const shown = pinned === null && given === null ? (await view()).key : null;
  const trusted = given ?? pinned ?? (shown === null ? null : parseVerifierKey(shown));
  if (trusted === null) throw new VerificationMismatch('checkpoints are published, and the gateway names no key.');
  const chain = believed(() => keyChain(trusted, signed.rotations));
  const latest = believed(() => openCheckpoint(signed.checkpoint, chain));
  if (known !== undefined) await goesOn(known.checkpoint, latest, chain, view);
  if (trust.pin) {
    const newest = latest.signedBy.at(-1) ?? trusted;
    await remember(context, gateway.url, { key: newest.text, checkpoint: latest.note });
    if (known === undefined) {
      writeLine(context.io.err, `This log is believed from now on by the key ${newest.text}`);
      writeLine(context.io.err, 'Compare it once with what `baton audit key` shows where the log is signed.');
    }
  }
  return latest;
}

async function goesOn(
  seen: string,
  latest: SignedCheckpoint,
  chain: readonly VerifierKey[],
  view: (from: number) => Promise<CheckpointView>,
): Promise<void> {
  const before = believed(() => openCheckpoint(seen, chain));
  if (latest.size < before.size) {
    throw new VerificationMismatch(
      `position ${latest.size + 1} is missing: ${before.size} events were signed when it was last looked at from here, and ${latest.size} are now.`,
    );
  }
  if (latest.size === before.size) {
    if (latest.root.equals(before.root)) return;
    throw new VerificationMismatch(`its ${before.size} events are others than when it was last looked at from here.`);
  }
  const { checkpoint, consistency } = await view(before.size);
  const now = believed(() => openCheckpoint(checkpoint ?? '', chain));
  const path = consistency?.path.map((node) => Buffer.from(node, 'base64')) ?? [];
  if (isConsistent(before, now, path)) return;
  throw new VerificationMismatch(
    `of its first ${before.size} events at least one is another than when it was last looked at from here.`,
  );
}

function believed<T>(open: () => T): T {
  try {
    return open();
  } catch (thrown) {
    throw new VerificationMismatch(toError(thrown).message);
  }
}
