import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CheckpointView, EventProof, VerificationLine } from '@baton/contracts';
import { createPool, putBytes } from '@baton/event-store';
import {
  eventHash,
  isConsistent,
  keyChain,
  leafOf,
  openCheckpoint,
  parseVerifierKey,
  rootByInclusion,
  rotateLogKey,
  verifyBundle,
} from '@baton/proof';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const SCRIPT = resolve(import.meta.dirname, '../../../../libs/proof/verify_bundle.py');

let home: string;
let gateway: TestGateway;
let owner: Pool;
let runId: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'baton-proofs-'));
  gateway = await startTestGateway(inject('postgresUrl'), {
    checkpoints: { BATON_HOME: home, BATON_CHECKPOINTS: undefined, BATON_CHECKPOINT_SECONDS: 3_600 },
  });
  owner = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-owner' });
  runId = randomUUID();
  const { sha256 } = await putBytes(owner, Buffer.from('a file of the workspace'));
  await gateway.log.append(randomUUID(), runStarted());
  await gateway.log.append(runId, runStarted(), {
    type: 'RunSucceeded',
    data: { output: { tree: sha256, text: '\u2028 ü' } },
  });
});
afterEach(async () => {
  await owner.end();
  await gateway.stop();
  await rm(home, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: as in `Answer`
const get = async (path: string): Promise<any> => (await gateway.get(path)).body;
const text = async (path: string): Promise<string> =>
  fetch(`${gateway.url}${path}`, {
    headers: { authorization: 'Bearer a-token-of-this-test', accept: 'application/x-ndjson' },
  }).then((response) => response.text());
const fromBase64 = (node: string): Buffer => Buffer.from(node, 'base64');
/** How many checkpoints lie in the folder: one more where the gateway signed at its start what was written by then. */
const published = async (): Promise<number> =>
  (await readdir(join(home, 'checkpoints'), { recursive: true })).filter((name) => /^\d{10}.\d{16}\.txt$/.test(name))
    .length;
const signingKey = async () => parseVerifierKey(String(CheckpointView.parse(await get('/v1/audit/checkpoint')).key));

async function python(bundle: string, key?: string): Promise<{ readonly code: number; readonly said: string }> {
  const file = join(home, 'a.bundle');
  await writeFile(file, bundle);
  return new Promise((done) => {
    execFile('python3', [SCRIPT, file, ...(key === undefined ? [] : [key])], (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), said: `${out}${err}` }),
    );
  });
}

test('an event is proven at once, also where the log is signed once an hour, and that the log only went on', async () => {
  const first = EventProof.parse(await get(`/v1/audit/prove?run=${runId}&event=1`));
  const key = await signingKey();
  const before = openCheckpoint(first.checkpoint, [key]);
  await gateway.log.append(randomUUID(), runStarted());
  await gateway.log.append(randomUUID(), runStarted());
  const proof = EventProof.parse(await get(`/v1/audit/prove?run=${runId.slice(0, 13)}&event=2&from=${before.size}`));
  const latest = openCheckpoint(proof.checkpoint, [key]);
  const { event, inclusion, consistency } = proof;
  const leaf = leafOf(event.position, eventHash(event));
  expect(rootByInclusion(leaf, event.position - 1, latest.size, inclusion.map(fromBase64))).toEqual(latest.root);
  expect(consistency?.from).toBe(before.size);
  expect(isConsistent(before, latest, consistency?.path.map(fromBase64) ?? [])).toBe(true);
  expect((await gateway.get(`/v1/audit/prove?run=${runId}&event=9`)).status).toBe(404);
  expect((await gateway.get(`/v1/audit/prove?run=${runId}&event=x`)).status).toBe(400);
});

test('the key is for its user alone, and whoever has it is told', async () => {
  await get(`/v1/audit/prove?run=${runId}&event=1`);
  expect((await stat(join(home, 'keys/log.key'))).mode & 0o777).toBe(0o600);
  const view = CheckpointView.parse(await get('/v1/audit/checkpoint'));
  expect(view).toMatchObject({ status: 'running', waiting: 0, problem: null, where: join(home, 'checkpoints') });
});

test('a key that was rotated signs from the next checkpoint on, and whoever knows either believes both', async () => {
  await get(`/v1/audit/prove?run=${runId}&event=1`);
  const before = await published();
  const old = await signingKey();
  const rotated = await rotateLogKey(join(home, 'keys'));
  await gateway.log.append(randomUUID(), runStarted());
  await rotateLogKey(join(home, 'keys'));
  const other = randomUUID();
  await gateway.log.append(other, runStarted());
  const proof = EventProof.parse(await get(`/v1/audit/prove?run=${other}&event=1`));
  const newest = await signingKey();
  expect(newest.id).not.toBe(rotated?.to.verifier.id);
  expect(openCheckpoint(proof.checkpoint, keyChain(old, proof.rotations)).signedBy.map(({ id }) => id)).toEqual([
    newest.id,
  ]);
  expect(() => openCheckpoint(proof.checkpoint, [old])).toThrow('not signed by');
  // One more where the gateway signs by itself between the two keys.
  const after = await published();
  expect(after).toBeGreaterThan(before);
  expect(await get('/v1/audit/verify')).toMatchObject({ verified: true, signed: { checkpoints: after } });
  const bundle = await text(`/v1/audit/export?run=${runId}`);
  expect(await verifyBundle(bundle.split('\n'), old)).toMatchObject({ verified: true });
  expect(await python(bundle, old.text)).toMatchObject({ code: 0 });
});

test('a verification tells how far it is, and ends with what came of it', async () => {
  await get(`/v1/audit/prove?run=${runId}&event=1`);
  const lines = (await text('/v1/audit/verify'))
    .trim()
    .split('\n')
    .map((line) => VerificationLine.parse(JSON.parse(line)));
  expect(lines.at(-1)).toMatchObject({
    verification: { verified: true, events: 3, signed: { events: 3, checkpoints: await published() } },
  });
});

test('a log that was cut off stops the signing, which readyz and the audit say', async () => {
  await get(`/v1/audit/prove?run=${runId}&event=2`);
  await owner.query('set session_replication_role = replica');
  await owner.query('delete from baton.event where position = 3');
  await owner.query('update baton.log set head = 2');
  await expect.poll(async () => (await gateway.get('/readyz')).status, { timeout: 10_000 }).toBe(503);
  expect((await gateway.get('/readyz')).body.checks.checkpoints).toMatch(/position 3 is missing/);
  expect(CheckpointView.parse(await get('/v1/audit/checkpoint'))).toMatchObject({ status: 'stopped' });
  expect(gateway.lines.join('')).toContain('the log is signed no more');
  expect(await get('/v1/audit/verify')).toMatchObject({
    verified: false,
    problem: expect.stringContaining('position 3 is missing'),
  });
});

test('the log of access is held against what was published of it, whatever is wrong with the log of events', async () => {
  await gateway.post('/v1/queues/rebuild');
  await get(`/v1/audit/prove?run=${runId}&event=2`);
  expect(await get('/v1/auth/log/verify')).toMatchObject({ verified: true, problem: null, signed: expect.any(Number) });
  const checkpoints = join(home, 'checkpoints');
  const [name = ''] = (await readdir(checkpoints, { recursive: true })).filter((each) =>
    /^\d{10}.\d{16}\.txt$/.test(each),
  );
  await writeFile(join(checkpoints, name), 'no note');
  expect(await get('/v1/audit/verify')).toMatchObject({ verified: false });
  expect(await get('/v1/auth/log/verify')).toMatchObject({ verified: true, problem: null, signed: expect.any(Number) });
});

test('a key that is gone is missed, also where nothing but the log of access is signed', async () => {
  await gateway.post('/v1/queues/rebuild');
  await get(`/v1/audit/prove?run=${runId}&event=2`);
  await rm(join(home, 'checkpoints', 'latest.txt'));
  await rm(join(home, 'keys'), { recursive: true });
  const problem = expect.stringContaining('the key of the log is not there');
  expect(await get('/v1/auth/log/verify')).toMatchObject({ verified: false, problem });
  expect(await get('/v1/audit/verify')).toMatchObject({ verified: false, problem });
});

describe.each([
  ['a run', (): string => `?run=${runId}`, { events: 2, runs: 1 }],
  ['the whole log', (): string => '', { events: 3, runs: 2 }],
] as const)('the bundle of %s', (_, query, counts) => {
  test('is checked by itself, here and by the script, and its key is held against the one that is given', async () => {
    const bundle = await text(`/v1/audit/export${query()}`);
    const key = await signingKey();
    expect(await verifyBundle(bundle.split('\n'), key)).toEqual({
      verified: true,
      problem: null,
      origin: key.name,
      key: key.text,
      size: 3,
      blobs: 1,
      archived: 0,
      ...counts,
    });
    expect(await python(bundle, key.text)).toMatchObject({ code: 0, said: expect.stringContaining('verified: ') });
    expect(await python(bundle)).toMatchObject({ code: 0, said: expect.stringContaining('compare it') });
    const [name, , bytes = ''] = key.text.split('+');
    const strange = `${name}+00000000+${bytes}`;
    expect((await python(bundle, strange)).code).toBe(9);
    expect(() => parseVerifierKey(strange)).toThrow('not a public key');
  });

  test('is refused by both, whatever is changed in it', async () => {
    const lines = (await text(`/v1/audit/export${query()}`)).trim().split('\n');
    const key = await signingKey();
    const changed: (readonly string[])[] = [
      ...lines.map((_, n) => lines.toSpliced(n, 1)),
      lines.map((line) => line.replace('RunSucceeded', 'RunFailed')),
      lines
        .map((line) => line.replace('\\"type\\":\\"user\\"', '\\"type\\":\\"system\\"'))
        .map((line) => line.replace('"version":1', '"version":2')),
      lines.map((line) => line.replace(/"position":2/, '"position":3')),
      lines.map((line) => (line.startsWith('{"blob"') ? line.replace(/"content":"../, '"content":"AA') : line)),
      lines.map((line) => (line.startsWith('{"document"') ? line.replace('Plan and code', 'Plan and cope') : line)),
      lines.map((line) => line.replace(/\\n3\\n/, '\\n4\\n')),
      [...lines, lines[1] ?? ''],
      lines.toSpliced(1, 0, lines[1] ?? ''),
      lines.slice(0, -1),
      ['[]'],
      [''],
    ];
    for (const [n, each] of changed.entries()) {
      const verdict = await verifyBundle(each, key);
      expect(verdict.verified, `change ${n}: ${verdict.problem}`).toBe(false);
      // Python takes a while to begin.
      if (n % 3 !== 0) continue;
      expect((await python(each.join('\n'), key.text)).code, `change ${n} by the script`).toBe(9);
    }
  }, 60_000);
});
