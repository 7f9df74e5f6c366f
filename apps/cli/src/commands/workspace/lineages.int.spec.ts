import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packFiles, sha256Of } from '@baton/workspace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../../testing/baton.js';
import { RUN_ID } from '../../testing/events.js';
import { json, problem } from '../../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const project = (): void => {
  mkdirSync(join(bench.dir, 'project'));
  bench.file('project/a.txt', 'a\n');
};

const [BASE, MADE] = ['a'.repeat(64), 'b'.repeat(64)];

describe('a lineage', () => {
  const version = (number: number, tree: string) => ({
    ...{ number, tree, recordedAt: '2026-11-21T12:00:00.000Z', runId: number === 1 ? null : RUN_ID },
    ...{ state: number === 1 ? null : 'Land', actor: { type: 'user', id: 'ada' } },
  });
  const shop = (head = version(3, MADE)) => ({
    ...{ name: 'shop', workspace: { tree: BASE, commit: '1'.repeat(40), name: 'project' } },
    ...{ createdAt: '2026-11-20T12:00:00.000Z', createdBy: { type: 'user', id: 'ada' }, head },
  });
  const submit = (...args: readonly string[]) =>
    bench.baton(['run', 'submit', '--input', '{"requirements":"x"}', '--shared', 'shop', ...args]);
  beforeEach(() => {
    bench.routes.set('GET /v1/lineages/shop', (_, response) => json(response, 200, shop()));
    bench.routes.set('POST /v1/runs', (_, response) =>
      json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
    );
    bench.routes.set('POST /v1/workspaces', (_, response) =>
      json(response, 201, { tree: MADE, files: 1, bytes: 2, leftOut: [] }),
    );
  });

  test('has its head for the beginning of a run that names it alone, and the commit that it lies over', async () => {
    const { exitCode, stderr } = await submit();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('The run begins from version 3 of shop, and lands on it.');
    expect(bench.lastBody()).toMatchObject({
      input: {
        workspaceType: 'shared',
        workspace: { tree: MADE, commit: '1'.repeat(40), name: 'project', lineage: 'shop' },
      },
    });
  });

  test('is named by a setting as well', async () => {
    const seven = {
      ...{ name: 'seven-step', version: '1.0.0', title: 'Seven', sha256: 'ab'.repeat(32), source: 'shipped' },
      ...{ publishedAt: null, publishedBy: null, problem: null, document: { input: {} } },
    };
    bench.routes.set('GET /v1/workflows/seven-step', (_, response) => json(response, 200, seven));
    const settings = ['--set', 'workspaceType=shared', '--set', 'workspace.lineage=shop'];
    const args = ['run', 'submit', '--input', '{"requirements":"x"}', ...settings];
    expect(await bench.baton(args)).toMatchObject({ exitCode: 0 });
    expect(bench.lastBody()).toMatchObject({
      input: { workspaceType: 'shared', workspace: { tree: MADE, lineage: 'shop' } },
    });
  });

  test('is made of the folder of the first run that names both', async () => {
    project();
    bench.routes.set('POST /v1/lineages', (_, response) => json(response, 201, shop(version(1, MADE))));
    const { exitCode, stderr } = await submit('--workspace', 'project');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Made the lineage shop of these files.');
    expect(bench.server.requests.find(({ path }) => path === '/v1/lineages')?.body).toBe(
      JSON.stringify({ name: 'shop', workspace: { tree: MADE, name: 'project' } }),
    );
    expect(bench.lastBody()).toMatchObject({ input: { workspaceType: 'shared', workspace: { lineage: 'shop' } } });
  });

  test('takes the folder of a later one only as the gateway knows it', async () => {
    project();
    bench.routes.set('POST /v1/lineages', (_, response) => problem(response, 409, 'lineage-exists', 'There is one.'));
    bench.routes.set('POST /v1/runs', (_, response) =>
      problem(response, 422, 'not-of-lineage', 'The workspace is no version of the lineage shop.'),
    );
    const { exitCode, stderr } = await submit('--workspace', 'project');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no version of the lineage shop');
  });

  test('has a name, and one that is there', async () => {
    expect(
      await bench.baton(['run', 'submit', '--requirements', '-', '--shared', 'My Shop'], { stdin: 'x' }),
    ).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be the name of a lineage') });
    expect(bench.server.requests).toEqual([]);
    bench.routes.set('GET /v1/lineages/shop', (_, response) =>
      problem(response, 404, 'lineage-not-found', 'There is no lineage shop.'),
    );
    expect(await submit()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('There is no lineage shop.') });
  });

  test('is made, listed, shown with its log, and its head written to a new folder alone', async () => {
    project();
    bench.routes.set('POST /v1/lineages', (_, response) => json(response, 201, shop(version(1, MADE))));
    expect(await bench.baton(['workspace', 'create', 'shop', '--workspace', 'project'])).toMatchObject({ exitCode: 0 });
    bench.routes.set('GET /v1/lineages', (_, response) => json(response, 200, { lineages: [shop()], next: null }));
    expect((await bench.baton(['workspace', 'list'])).stdout).toMatch(/NAME +VERSION[\s\S]*shop +3 .* in Land for ada/);
    expect((await bench.baton(['workspace', 'show', 'shop'])).stdout).toContain(MADE);
    bench.routes.set('GET /v1/lineages/shop/versions', (_, response) =>
      json(response, 200, { name: 'shop', versions: [version(2, MADE), version(1, BASE)], next: null }),
    );
    expect((await bench.baton(['workspace', 'log', 'shop'])).stdout).toMatch(
      /2 +.*in Land for ada[\s\S]*1 .*made by ada/,
    );
    const file = { path: 'a', mode: '100644', sha256: sha256Of(Buffer.from('head')), size: 4 };
    bench.routes.set(`GET /v1/workspaces/${MADE}`, ({ headers }, response) => {
      if (headers.accept !== 'application/x-tar') return json(response, 200, { tree: MADE, bytes: 4, files: [file] });
      const files = async function* () {
        yield { path: 'a', mode: '100644' as const, bytes: Buffer.from('head') };
      };
      void Readable.from(packFiles(files())).pipe(response);
    });
    expect(await bench.baton(['workspace', 'show', 'shop', '--out', 'now'])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(bench.dir, 'now/a'), 'utf8')).toBe('head');
    const again = await bench.baton(['workspace', 'show', 'shop', '--out', 'project']);
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nothing is written over them') });
  });
});
