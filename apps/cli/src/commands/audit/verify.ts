import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BatonError, Verification, VerificationLine, type VerificationProgress } from '@baton/contracts';
import { type BundleVerdict, linesOf, parseVerifierKey, verifyBundle } from '@baton/proof';
import { type Context, gatewayOf } from '../../context.js';
import { ExitCode, UsageError, VerificationMismatch } from '../../exit-codes.js';
import type { Gateway } from '../../gateway/gateway.js';
import { writeLine, writeOne } from '../../output.js';
import { formatFacts } from '../../table.js';
import { holdAgainstKnown, keyFrom, readKnownLogs, remember, type Trust } from './known-logs.js';

/**
 * A whole log is read again, hash by hash, for as long as it takes: the gateway says every second that it is at it.
 *
 * @param run the id of a run, to verify it alone
 */
export async function verifyLog(
  gateway: Gateway,
  signal: AbortSignal,
  run?: string,
  onProgress: (progress: VerificationProgress) => void = () => {},
): Promise<Verification> {
  const body = await gateway.get('/v1/audit/verify', {
    params: { query: { run } },
    headers: { accept: 'application/x-ndjson, application/json' },
    parseAs: 'stream',
    signal,
  });
  for await (const line of linesOf(body)) {
    const json: unknown = JSON.parse(line);
    // A gateway that does not know lines answers in one piece.
    const whole = Verification.safeParse(json);
    if (whole.success) return whole.data;
    const said = VerificationLine.parse(json);
    if ('verification' in said) return said.verification;
    if ('failed' in said) throw new BatonError(said.failed, { code: 'verification-failed', next: 'Try again.' });
    onProgress(said.progress);
  }
  throw new BatonError('The gateway broke off while it verified the log.', {
    code: 'gateway-unreachable',
    next: 'Look at its log, and try again.',
  });
}

const verificationLines = ({ verified, events, runs, problem, signed, archived }: Verification): readonly string[] =>
  formatFacts([
    ['verified', verified ? 'yes' : 'no'],
    ['events', String(events)],
    ['runs', String(runs)],
    ...(signed === undefined
      ? []
      : [['signed', `${signed.events} events, ${signed.checkpoints} checkpoints in ${signed.where}`] as const]),
    ...(archived === undefined
      ? []
      : [['archived', `${archived.events} events of ${archived.runs} runs, in ${archived.files} files`] as const]),
    ...(problem === null ? [] : [['problem', problem] as const]),
  ]);

/** @param id of a run, or the beginning of it; without one the whole log is verified */
export async function auditVerify(context: Context, id: string | undefined, trust: Trust): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { err } = context.io;
  const tell = ({ phase, done, of }: VerificationProgress): void => {
    if (!err.isTerminal) return;
    err.move('\r\u001b[2K');
    err.write(of === 0 ? `${phase} ${done === 0 ? '…' : done}` : `${phase} ${done} of ${of}`);
  };
  const verification = await verifyLog(gateway, context.interrupted, id, tell);
  if (err.isTerminal) err.move('\r\u001b[2K');
  writeOne(context.io, context.format, verification, verificationLines);
  if (!verification.verified) throw new VerificationMismatch(verification.problem ?? 'no reason was given.');
  await holdAgainstKnown(context, gateway, verification.signed, trust);
  return ExitCode.ok;
}

const bundleLines = ({
  verified,
  events,
  runs,
  blobs,
  archived,
  size,
  origin,
  key,
  problem,
}: BundleVerdict): readonly string[] =>
  formatFacts([
    ['verified', verified ? 'yes' : 'no'],
    ['events', `${events} of ${runs} ${runs === 1 ? 'run' : 'runs'}, in a log of ${size}`],
    ['blobs', String(blobs)],
    ...(archived === 0 ? [] : [['archived', `${archived} events, of which archives have more than the leaf`] as const]),
    ['log', origin],
    ['key', key],
    ...(problem === null ? [] : [['problem', problem] as const]),
  ]);

/** Checks a file by itself: no gateway is asked. */
export async function verifyBundleFile(context: Context, file: string, trust: Trust): Promise<ExitCode> {
  const path = resolve(context.env.workingDirectory, file);
  const given = await keyFrom(context, trust.key);
  const known = trust.pin && given === null ? await readKnownLogs(context) : {};
  const head = await firstLine(path, file);
  const pinned = known[head.origin];
  const trusted = given ?? (pinned === undefined ? null : parseVerifierKey(pinned.key));
  const verdict = await verifyBundle(linesOf(bytesOf(path)), trusted);
  writeOne(context.io, context.format, verdict, bundleLines);
  if (!verdict.verified) throw new VerificationMismatch(verdict.problem ?? 'no reason was given.');
  if (trusted === null) {
    if (trust.pin) await remember(context, head.origin, { key: verdict.key, checkpoint: head.checkpoint });
    writeLine(
      context.io.err,
      `No key was given: the bundle's own was ${trust.pin ? 'taken, and is remembered' : 'taken'}. Compare it with the one that the operator of this log published.`,
    );
  }
  return ExitCode.ok;
}

/** Archives are compressed. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return yield* file;
  const text = createGunzip();
  const read = pipeline(file, text);
  read.catch(() => {});
  yield* text;
  await read;
}

async function firstLine(
  path: string,
  file: string,
): Promise<{ readonly origin: string; readonly checkpoint: string }> {
  try {
    for await (const line of linesOf(bytesOf(path))) {
      const { origin, checkpoint } = JSON.parse(line);
      return { origin: String(origin), checkpoint: String(checkpoint) };
    }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) {
      throw new UsageError(
        `The bundle ${file} cannot be read.`,
        'Give a file that `baton audit export` wrote.',
        thrown,
      );
    }
  }
  return { origin: '', checkpoint: '' };
}
