import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { RunDiff, type TreeVersion, WorkspaceUploaded, WorkspaceView } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { packFiles, readArchive } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

type Files = Readonly<Record<string, string | Buffer>>;

const archiveOf = (files: Files): Readable =>
  packFiles(
    (async function* () {
      for (const [path, content] of Object.entries(files)) {
        yield { path, mode: '100644' as const, bytes: Buffer.from(content) };
      }
    })(),
  );

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string>; readonly duplex?: 'half' };

const request = (path: string, init: Init = {}) =>
  fetch(`${gateway.url}${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });

async function bytesOf(stream: Readable): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function post(body: Buffer<ArrayBuffer>, type = 'application/x-tar') {
  return request('/v1/workspaces', { method: 'POST', body, headers: { 'content-type': type } });
}

async function upload(files: Files): Promise<WorkspaceUploaded> {
  const response = await post(await bytesOf(archiveOf(files)));
  expect(response.status).toBe(201);
  return WorkspaceUploaded.parse(await response.json());
}

describe('a workspace over HTTP', () => {
  test('is uploaded as a tar stream, listed, and given back file by file', async () => {
    const { tree, ...about } = await upload({
      'a.txt': 'a\n',
      'src/b.bin': Buffer.from([0, 255]),
      '.env': 'KEY=x',
      e: '',
    });
    expect(about).toEqual({
      files: 3,
      bytes: 4,
      leftOut: [{ path: '.env', reason: 'its name is one of files that hold secrets' }],
    });
    const listed = WorkspaceView.parse(await (await request(`/v1/workspaces/${tree}`)).json());
    expect(listed.files.map(({ path, size }) => `${path} ${size}`)).toEqual(['a.txt 2', 'e 0', 'src/b.bin 2']);
    const answer = await request(`/v1/workspaces/${tree}`, { headers: { accept: 'application/x-tar' } });
    expect(answer.headers.get('content-type')).toBe('application/x-tar');
    const again = await readArchive(Readable.from([Buffer.from(await answer.arrayBuffer())]), memoryStore());
    expect(again.version).toBe(tree);
  });

  test('gives only what is not in another version', async () => {
    const first = await upload({ same: 's', changed: '1' });
    const second = await upload({ same: 's', changed: '2', added: 'n' });
    const answer = await request(`/v1/workspaces/${second.tree}?since=${first.tree}`);
    expect(WorkspaceView.parse(await answer.json()).files.map(({ path }) => path)).toEqual(['added', 'changed']);
  });

  test('may be of many megabytes, sent as a stream of no known length', async () => {
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    const files = async function* () {
      for (let n = 0; n < 4; n += 1)
        yield { path: `f${n}`, mode: '100644' as const, bytes: Buffer.concat([chunk, Buffer.from(`${n}`)]) };
    };
    const response = await request('/v1/workspaces', {
      method: 'POST',
      headers: { 'content-type': 'application/x-tar' },
      body: Readable.toWeb(packFiles(files())),
      duplex: 'half',
    });
    expect(await response.json()).toMatchObject({ files: 4 });
  }, 60_000);

  test.each<[string, () => Promise<Response>, number, string]>([
    [
      'too much',
      async () =>
        post(await bytesOf(archiveOf(Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`f${n}`, '']))))),
      413,
      'workspace-too-large',
    ],
    ['what is no archive', () => post(Buffer.from('hello'.repeat(500))), 422, 'archive-broken'],
    ['a path that leads out', async () => post(await bytesOf(archiveOf({ '../x': 'x' }))), 422, 'archive-refused'],
    ['JSON', () => post(Buffer.from('{}'), 'application/json'), 415, 'unsupported-media-type'],
    ['a type of its own', () => post(Buffer.from('x'), 'application/gzip'), 415, 'unsupported-media-type'],
  ])(
    'refuses %s in one sentence with the next step',
    async (_, ask, status, code) => {
      const response = await ask();
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ code, detail: expect.any(String), next: expect.any(String) });
    },
    60_000,
  );

  test('is nothing that another route takes', async () => {
    const answer = await gateway.post('/v1/runs', 'x', { 'content-type': 'application/x-tar' });
    expect(answer).toMatchObject({ status: 415 });
  });

  test.each([
    ['one that is not there', 'a'.repeat(64), 404],
    ['what is no version', 'main', 400],
  ])('is not %s', async (_, version, status) => {
    expect((await gateway.get(`/v1/workspaces/${version}`)).status).toBe(status);
  });

  test('is not any blob whose hash one knows', async () => {
    const { tree } = await upload({ 'a.txt': 'just a file' });
    const listed = WorkspaceView.parse(await (await request(`/v1/workspaces/${tree}`)).json());
    expect((await gateway.get(`/v1/workspaces/${listed.files[0]?.sha256}`)).body).toMatchObject({
      code: 'workspace-not-found',
    });
  });
});

const made = (runId: string, base: TreeVersion, tree: TreeVersion, visit: number): RunEvent => ({
  type: 'TaskSucceeded',
  data: {
    visit,
    commandId: `${runId}-${visit + 1}`,
    output: { files: [{ path: 'a', content: tree }], workspace: { base, tree } },
  },
});

async function runWith(...trees: readonly TreeVersion[]): Promise<string> {
  const runId = randomUUID();
  const [base = '', ...rounds] = trees;
  const events = rounds.map((tree, at) => made(runId, base, tree, at));
  await gateway.log.append(runId, runStarted(), ...events);
  return runId;
}

describe('what a run made of its workspace', () => {
  test('is told by rounds, as a list and as a patch', async () => {
    const base = await upload({ 'a.txt': 'a\n', gone: 'g\n' });
    const first = await upload({ 'a.txt': 'a\n', gone: 'g\n', new: '1\n' });
    const second = await upload({ 'a.txt': 'b\n', new: '1\n' });
    const runId = await runWith(base.tree, first.tree, second.tree);
    const diff = async (query = '') => RunDiff.parse((await gateway.get(`/v1/runs/${runId}/diff${query}`)).body);
    const whole = await diff();
    expect(whole).toMatchObject({
      runId,
      base: base.tree,
      from: 0,
      to: 2,
      rounds: [{ round: 1 }, { round: 2, tree: second.tree }],
    });
    expect(whole.files.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'changed a.txt',
      'removed gone',
      'added new',
    ]);
    expect((await diff('?to=1')).files.map(({ path }) => path)).toEqual(['new']);
    expect((await diff('?from=1')).files.map(({ path }) => path)).toEqual(['a.txt', 'gone']);
    const patch = await request(`/v1/runs/${runId}/diff?from=1&to=2`, { headers: { accept: 'text/x-diff' } });
    expect(await patch.text()).toContain('--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-a\n+b\n');
  });

  test('has each file that differs on the sides on which it is, as an attachment', async () => {
    const base = await upload({ 'a.txt': 'a\n', gone: 'g\n' });
    const first = await upload({ 'a.txt': 'b\n', gone: 'g\n' });
    const second = await upload({ 'a.txt': 'c\n', 'src/new.html': '<p>\n' });
    const runId = await runWith(base.tree, first.tree, second.tree);
    const file = (query: string) => request(`/v1/runs/${runId}/diff/file?${query}`);
    const textOf = async (query: string) => (await file(query)).text();
    expect(await textOf('path=a.txt&side=before')).toBe('a\n');
    expect(await textOf('path=a.txt&side=after')).toBe('c\n');
    expect(await textOf('path=a.txt&side=before&from=1')).toBe('b\n');
    expect(await textOf('path=a.txt&side=after&to=1')).toBe('b\n');
    const page = await file('path=src/new.html&side=after');
    expect(await page.text()).toBe('<p>\n');
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="new.html"/);
    const missing = ['path=gone&side=after', 'path=src/new.html&side=before', 'path=../a.txt&side=after'];
    for (const query of missing) expect((await file(query)).status, query).toBe(404);
    expect((await file('path=a.txt')).status).toBe(400);
    expect((await file('path=a.txt&side=after&to=3')).status).toBe(400);
  });

  test('has no round that was not made, and none where there is no workspace', async () => {
    const { tree } = await upload({ a: 'a' });
    const runId = await runWith(tree, tree);
    expect(await gateway.get(`/v1/runs/${runId}/diff?to=2`)).toMatchObject({
      status: 400,
      body: { code: 'no-such-round', detail: `Run ${runId} has no round 2: it has 1.` },
    });
    expect(await gateway.get(`/v1/runs/${runId}/diff?to=x`)).toMatchObject({ status: 400 });
    expect(await gateway.get(`/v1/runs/${await runWith()}/diff`)).toMatchObject({
      status: 404,
      body: { code: 'no-workspace' },
    });
  });

  test('has in a fork the rounds that came before it', async () => {
    const [base, first, second] = [await upload({ a: '0' }), await upload({ a: '1' }), await upload({ a: '2' })];
    const runId = await runWith(base.tree, first.tree, second.tree);
    const forked = await gateway.post(`/v1/runs/${runId}/fork`, { at: 2 }, { 'idempotency-key': randomUUID() });
    expect(forked.status).toBe(202);
    const { body } = await gateway.get(`/v1/runs/${forked.body.runId}/diff`);
    expect(body).toMatchObject({ base: base.tree, rounds: [{ round: 1, tree: first.tree }], to: 1 });
  });

  test('is handed out by a run that failed, too', async () => {
    const { tree } = await upload({ a: 'a' });
    const runId = await runWith(tree, tree);
    await gateway.log.append(runId, {
      type: 'RunFailed',
      data: { error: 'Baton.NotConverged', cause: 'not in 2 rounds' },
    });
    await expect
      .poll(async () => (await gateway.get(`/v1/runs/${runId}/result`)).body)
      .toMatchObject({
        status: 'failed',
        output: null,
        unfinished: { files: [{ path: 'a' }], workspace: { base: tree, tree } },
      });
  });
});
