import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generateSignerKey,
  growTree,
  leafOf,
  type SignerKey,
  signCheckpoint,
  signRotation,
  tileTree,
} from '@baton/proof';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../../testing/baton.js';
import { json } from '../../testing/http-server.js';

const ORIGIN = 'baton/3f2a91c0-0000-4000-8000-000000000000';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

/** A log of so many events, of which those from `forgedFrom` on are others. */
function logOf(size: number, forgedFrom = Number.POSITIVE_INFINITY) {
  const leaves: Buffer[] = [];
  const tree = growTree();
  for (let position = 1; position <= size; position += 1) {
    const leaf = leafOf(position, Buffer.alloc(32, position >= forgedFrom ? 255 : position));
    leaves.push(leaf);
    tree.append(leaf);
  }
  return { size, root: tree.root(), tiles: tileTree(async () => Buffer.concat(leaves)) };
}

interface Told {
  readonly log: ReturnType<typeof logOf>;
  readonly signer: SignerKey;
  readonly rotations?: readonly string[];
}

/** A gateway whose log was found sound, signed by a key. */
function tell({ log, signer, rotations = [] }: Told): void {
  const checkpoint = signCheckpoint({ origin: ORIGIN, size: log.size, root: log.root }, [signer]);
  const signed = { checkpoint, rotations, checkpoints: 1, events: log.size, where: '/checkpoints' };
  bench.routes.set('GET /v1/audit/verify', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify({ progress: { phase: 'events', done: 1, of: log.size } })}\n`);
    response.end(
      `${JSON.stringify({ verification: { verified: true, events: log.size, runs: 1, problem: null, signed } })}\n`,
    );
  });
  bench.routes.set('GET /v1/audit/checkpoint', async (request, response) => {
    const from = new URLSearchParams(request.path.split('?')[1]).get('from');
    const path = from === null ? [] : await log.tiles.consistency(Number(from), log.size);
    json(response, 200, {
      status: 'running',
      origin: ORIGIN,
      checkpoint,
      key: signer.verifier.text,
      rotations,
      where: '/checkpoints',
      waiting: 0,
      problem: null,
      consistency: from === null ? null : { from: Number(from), path: path.map((node) => node.toString('base64')) },
    });
  });
}

describe('audit verify remembers what it saw', () => {
  const signer = generateSignerKey(ORIGIN);
  const verify = (...words: readonly string[]) => bench.baton(['audit', 'verify', ...words]);

  test('the first time it says which key it believes, and later the log may go on', async () => {
    tell({ log: logOf(5), signer });
    const first = await verify();
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(signer.verifier.text) });
    expect(first.stdout).toMatch(/^signed {4}5 events, 1 checkpoints in \/checkpoints$/m);
    tell({ log: logOf(9), signer });
    expect(await verify()).toMatchObject({ exitCode: 0, stderr: '' });
    const known = JSON.parse(readFileSync(join(bench.dir, 'home/known-logs.json'), 'utf8'));
    expect(known[bench.server.url].key).toBe(signer.verifier.text);
    expect(known[bench.server.url].checkpoint).toContain('\n9\n');
  });

  test.each([
    ['shorter', logOf(4), /position 5 is missing/],
    ['of the same length, with another event', logOf(5, 3), /its 5 events are others/],
    ['longer, with another event before', logOf(9, 3), /of its first 5 events at least one/],
  ])(
    'a log that is %s than the one that was seen is a mismatch, whatever the gateway verified',
    async (_, log, says) => {
      tell({ log: logOf(5), signer });
      await verify();
      tell({ log, signer });
      expect(await verify()).toMatchObject({ exitCode: 9, stderr: expect.stringMatching(says) });
      expect(await verify('--no-pin')).toMatchObject({ exitCode: 0 });
    },
  );

  test('another key is a mismatch, unless both signed that it follows', async () => {
    const next = generateSignerKey(ORIGIN);
    tell({ log: logOf(5), signer });
    await verify();
    tell({ log: logOf(9), signer: next });
    expect(await verify()).toMatchObject({ exitCode: 9, stderr: expect.stringContaining('not signed by the key') });
    tell({ log: logOf(9), signer: next, rotations: [signRotation(signer, next)] });
    expect(await verify()).toMatchObject({ exitCode: 0 });
    expect(await verify('--key', signer.verifier.text)).toMatchObject({ exitCode: 0 });
  });

  test('a log that is signed no more is a mismatch', async () => {
    tell({ log: logOf(5), signer });
    await verify();
    bench.routes.set('GET /v1/audit/verify', (_, response) =>
      json(response, 200, { verified: true, events: 5, runs: 1, problem: null }),
    );
    expect(await verify()).toMatchObject({ exitCode: 9, stderr: expect.stringContaining('signed before') });
  });

  test('a key that is given is the one that counts', async () => {
    tell({ log: logOf(5), signer });
    const other = generateSignerKey(ORIGIN).verifier.text;
    expect(await verify('--key', other)).toMatchObject({ exitCode: 9 });
    expect(await verify('--key', bench.file('log.pub', `${signer.verifier.text}\n`))).toMatchObject({ exitCode: 0 });
    expect(await verify('--key', 'nothing')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('audit key'),
    });
  });
});

test('a bundle that is none is exit code 9, one that is not there 2, and no gateway is asked', async () => {
  const verify = (file: string) => bench.baton(['audit', 'verify', '--bundle', file]);
  expect(await verify(bench.file('a.bundle', '{"format":"else"}\n'))).toMatchObject({ exitCode: 9 });
  expect(await verify(bench.file('b.bundle', ''))).toMatchObject({ exitCode: 9 });
  expect(await verify('nowhere.bundle')).toMatchObject({ exitCode: 2 });
  expect(bench.server.requests).toEqual([]);
});

test('a key is rotated where it lies, and not where none is', async () => {
  expect(await bench.baton(['audit', 'key', 'rotate'])).toMatchObject({ exitCode: 3 });
});
