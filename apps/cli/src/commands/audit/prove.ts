import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { eventHash, leafOf, readLogKeys, rootByInclusion, rotateLogKey } from '@baton/proof';
import { type Context, gatewayOf } from '../../context.js';
import { ExitCode, NotFound, UsageError, VerificationMismatch } from '../../exit-codes.js';
import { writeLine, writeOne } from '../../output.js';
import { formatFacts } from '../../table.js';
import { holdAgainstKnown, type Trust } from './known-logs.js';

/** Proves one event of a run by what the gateway gives, and believes the signature alone. */
export async function auditProve(
  context: Context,
  id: string,
  word: string,
  trust: Trust & { readonly out?: string },
): Promise<ExitCode> {
  if (!/^[1-9]\d{0,8}$/.test(word)) {
    throw new UsageError(`${word} is not the number of an event.`, 'Give a whole number from 1, such as 12.');
  }
  const gateway = await gatewayOf(context);
  const params = { query: { run: id, event: Number(word) } };
  const proof = await gateway.get('/v1/audit/prove', { params, signal: context.interrupted });
  const checkpoint = await holdAgainstKnown(context, gateway, proof, trust);
  const { event, inclusion } = proof;
  const leaf = leafOf(event.position, eventHash(event));
  const hashes = inclusion.map((node) => Buffer.from(node, 'base64'));
  const root = rootByInclusion(leaf, event.position - 1, checkpoint?.size ?? 0, hashes);
  if (checkpoint === null || root?.equals(checkpoint.root) !== true) {
    throw new VerificationMismatch(
      `event ${word} of run ${event.runId}, at position ${event.position}, is not what was signed.`,
    );
  }
  if (trust.out !== undefined) {
    await writeFile(resolve(context.env.workingDirectory, trust.out), `${JSON.stringify(proof, null, 2)}\n`);
  }
  writeOne(context.io, context.format, proof, () =>
    formatFacts([
      ['proven', 'yes'],
      ['event', `${event.version} of run ${event.runId}: ${event.type}`],
      ['position', String(event.position)],
      ['leaf', leaf.toString('hex')],
      ['checkpoint', `${checkpoint.size} events, root ${checkpoint.root.toString('base64')}`],
      ['signed by', checkpoint.signedBy.map(({ text }) => text).join(', ')],
    ]),
  );
  return ExitCode.ok;
}

/** Writes a bundle; the file is there whole, or not at all. */
export async function auditExport(context: Context, id: string | undefined, out: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const body = await gateway.get('/v1/audit/export', {
    params: { query: { run: id } },
    headers: { accept: 'application/x-ndjson' },
    parseAs: 'stream',
    signal: context.interrupted,
  });
  const file = resolve(context.env.workingDirectory, out);
  const draft = `${file}.${process.pid}.draft`;
  try {
    await pipeline(body ?? [], createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  writeLine(context.io.err, `Written to ${out}. Check it anywhere with \`baton audit verify --bundle ${out}\`.`);
  return ExitCode.ok;
}

/** The key that signs the log, and how far it is signed. */
export async function auditKey(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const view = await gateway.get('/v1/audit/checkpoint', { signal: context.interrupted });
  writeOne(context.io, context.format, view, ({ key, status, where, waiting, checkpoint, problem }) =>
    formatFacts([
      ['key', key ?? 'none yet'],
      ['signing', status],
      ['published in', where ?? 'nowhere'],
      ['newest', checkpoint === null ? 'none' : `${checkpoint.split('\n')[1]} events`],
      ['not signed yet', `${waiting} events`],
      ...(problem === null ? [] : [['problem', problem] as const]),
    ]),
  );
  return ExitCode.ok;
}

/** A new key in the place of the one that signs. Works on the folder of keys: whoever may do that needs no role. */
export async function rotateKey(context: Context): Promise<ExitCode> {
  const folder = join(context.env.home, 'keys');
  const rotated = await rotateLogKey(folder);
  if (rotated === null) {
    throw new NotFound(
      `There is no key of a log in ${folder}.`,
      'Run this where the log is signed, with the BATON_HOME of its gateway.',
    );
  }
  const { from, to } = rotated;
  const { rotations } = (await readLogKeys(folder, to.verifier.name)) ?? { rotations: [] };
  const result = { from: from.verifier.text, to: to.verifier.text, rotations: rotations.length };
  writeOne(context.io, context.format, result, () =>
    formatFacts([
      ['before', from.verifier.text],
      ['from now on', to.verifier.text],
    ]),
  );
  writeLine(
    context.io.err,
    'The next checkpoint is signed with it. Who knows the key before accepts it: both signed that it follows.',
  );
  return ExitCode.ok;
}
