import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packFiles, sha256Of } from '@baton/workspace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../../testing/baton.js';
import { RUN_ID } from '../../testing/events.js';
import { json, problem } from '../../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const project = (files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }): void => {
  mkdirSync(join(bench.dir, 'project'));
  for (const [name, content] of Object.entries(files)) bench.file(`project/${name}`, content);
};

const [BASE, MADE] = ['a'.repeat(64), 'b'.repeat(64)];

/** What such runs have taken is asked for before one is submitted. */
const EXPECTED = 'GET /v1/foresight/expectations?workflow=seven-step&inputBytes=125';

describe('run submit --workspace', () => {
  const submit = (...args: readonly string[]) =>
    bench.baton(['run', 'submit', '--input', '{"requirements":"x"}', '--workspace', 'project', ...args]);
  const paths = () =>
    bench.server.requests.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{64}/g, 'TREE')}`);

  test('uploads the folder, and names its version in the input', async () => {
    project({ 'a.txt': 'a\n', '.env': 'KEY=x' });
    bench.routes.set('POST /v1/workspaces', (_, response) =>
      json(response, 201, { tree: MADE, files: 1, bytes: 2, leftOut: [] }),
    );
    bench.routes.set('POST /v1/runs', (_, response) =>
      json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
    );
    const { exitCode, stdout, stderr } = await submit();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}\n` });
    expect(stderr).toContain('so its files are taken as they lie there. 1 file, 1 KB.\nLeft out:\n  .env: its name');
    expect(paths()).toEqual(['GET /v1/workspaces/TREE?since=TREE', 'POST /v1/workspaces', EXPECTED, 'POST /v1/runs']);
    expect(bench.server.requests[1]?.body).toContain('a.txt');
    expect(bench.server.requests[1]?.body).not.toContain('KEY=x');
    expect(bench.lastBody()).toMatchObject({
      input: { requirements: 'x', workspace: { tree: MADE, name: 'project' } },
    });
  });

  test('sends nothing that the server has', async () => {
    project();
    const tree = sha256Of(
      Buffer.from(JSON.stringify([{ mode: '100644', path: 'a.txt', sha256: sha256Of(Buffer.from('a\n')), size: 2 }])),
    );
    bench.routes.set(`GET /v1/workspaces/${tree}`, (_, response) => json(response, 200, { tree, bytes: 0, files: [] }));
    bench.routes.set('POST /v1/runs', (_, response) =>
      json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
    );
    expect(await submit()).toMatchObject({ exitCode: 0 });
    expect(paths()).toEqual(['GET /v1/workspaces/TREE?since=TREE', EXPECTED, 'POST /v1/runs']);
    expect(bench.lastBody()).toMatchObject({ input: { workspace: { tree } } });
  });

  test('submits nothing where the server refuses the workspace', async () => {
    project();
    bench.routes.set('POST /v1/workspaces', (_, response) =>
      problem(response, 413, 'workspace-too-large', 'The workspace is too large: it holds more than 100 MB.'),
    );
    const { exitCode, stderr } = await submit();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('more than 100 MB');
    expect(paths()).not.toContain('POST /v1/runs');
  });
});

describe('run result', () => {
  const failed = (unfinished: object | null): void => {
    bench.serveRun();
    bench.routes.set(`GET ${RUN_PATH}/result`, (_, response) =>
      json(response, 200, { runId: RUN_ID, status: 'failed', output: null, error: 'E', cause: 'c', unfinished }),
    );
  };

  test('of a run that failed writes the files of its last round, says so, and is exit code 5', async () => {
    failed({ files: [{ path: 'a.ts', content: 'a' }] });
    const { exitCode, stderr } = await bench.baton(['run', 'result', '3f2a', '--out', 'build']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('The run did not succeed: these are the files of its last round.');
    expect(readdirSync(join(bench.dir, 'build'))).toEqual(['a.ts']);
  });

  test.each([
    [['--out', 'x', '--patch'], '--out, --patch and --branch exclude each other.'],
    [['--branch', 'x', '--force'], '--force has no meaning without --out.'],
    [['--repo', '.'], '--repo has no meaning without --branch.'],
  ])('%j is a mistake of the command line', async (args, sentence) => {
    const { exitCode, stderr } = await bench.baton(['run', 'result', '3f2a', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
  });

  test('with --force writes beside what is there, and replaces nothing', async () => {
    bench.serveRun();
    const output = {
      files: [
        { path: 'package.json', content: '{}' },
        { path: 'a.ts', content: 'a' },
      ],
    };
    bench.routes.set(`GET ${RUN_PATH}/result`, (_, response) =>
      json(response, 200, { runId: RUN_ID, status: 'succeeded', output, error: null, cause: null }),
    );
    project({ 'package.json': '{ "name": "mine" }' });
    const { exitCode, stderr } = await bench.baton(['run', 'result', '3f2a', '--out', 'project', '--force']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has files of its own under the names of package.json; nothing was written.');
    expect(readdirSync(join(bench.dir, 'project'))).toEqual(['package.json']);
    writeFileSync(join(bench.dir, 'project/package.json'), '{}');
    expect(await bench.baton(['run', 'result', '3f2a', '--out', 'project', '--force'])).toMatchObject({ exitCode: 0 });
  });

  test('into a folder in use takes what the run changed, where the user did not', async () => {
    bench.serveRun();
    const file = (path: string, content: string) => ({
      path,
      mode: '100644',
      sha256: sha256Of(Buffer.from(content)),
      size: content.length,
    });
    const before = [file('changed', '1'), file('gone', 'g'), file('same', 's')];
    const after = [file('changed', '2'), file('new', 'n'), file('same', 's')];
    const output = { files: [{ path: 'changed', content: '2' }], workspace: { base: BASE, tree: MADE } };
    bench.routes.set(`GET ${RUN_PATH}/result`, (_, response) =>
      json(response, 200, { runId: RUN_ID, status: 'succeeded', output, error: null, cause: null }),
    );
    bench.routes.set(`GET /v1/workspaces/${BASE}`, (_, response) =>
      json(response, 200, { tree: BASE, bytes: 3, files: before }),
    );
    bench.routes.set(`GET /v1/workspaces/${MADE}`, ({ headers }, response) => {
      if (headers.accept !== 'application/x-tar') return json(response, 200, { tree: MADE, bytes: 3, files: after });
      const files = async function* () {
        yield { path: 'changed', mode: '100644' as const, bytes: Buffer.from('2') };
        yield { path: 'new', mode: '100644' as const, bytes: Buffer.from('n') };
      };
      void Readable.from(packFiles(files())).pipe(response);
    });
    project({ changed: '1', gone: 'g', same: 'edited by the user', own: 'o' });
    expect(await bench.baton(['run', 'result', '3f2a', '--out', 'project'])).toMatchObject({
      exitCode: 0,
      stdout: 'changed\nnew\n',
    });
    const read = (name: string) => readFileSync(join(bench.dir, 'project', name), 'utf8');
    expect(readdirSync(join(bench.dir, 'project')).sort()).toEqual(['changed', 'new', 'own', 'same']);
    expect([read('changed'), read('same'), read('own')]).toEqual(['2', 'edited by the user', 'o']);
    expect(await bench.baton(['run', 'result', '3f2a', '--out', 'project'])).toMatchObject({ exitCode: 0, stdout: '' });
    writeFileSync(join(bench.dir, 'project/new'), 'something of mine');
    const { exitCode, stderr } = await bench.baton(['run', 'result', '3f2a', '--out', 'project']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('new in ');
    expect(read('new')).toBe('something of mine');
  });
});

describe('run result --out that is killed on its way', () => {
  const file = (path: string, content: string) => ({
    path,
    mode: '100644',
    sha256: sha256Of(Buffer.from(content)),
    size: content.length,
  });
  const base = [file('one', '1'), file('two', '2')];
  const made = [file('one', '1'), file('two', 'II'), file('three', '3')];
  const contents = [
    ['one', '1'],
    ['two', 'II'],
    ['three', '3'],
  ] as const;
  beforeEach(() => {
    bench.serveRun();
    const output = { files: [{ path: 'two', content: 'II' }], workspace: { base: BASE, tree: MADE } };
    bench.routes.set(`GET ${RUN_PATH}/result`, (_, response) =>
      json(response, 200, { runId: RUN_ID, status: 'succeeded', output, error: null, cause: null }),
    );
    bench.routes.set(`GET /v1/workspaces/${BASE}`, (_, response) =>
      json(response, 200, { tree: BASE, bytes: 2, files: base }),
    );
    bench.routes.set(`GET /v1/workspaces/${MADE}`, ({ headers, path }, response) => {
      if (headers.accept !== 'application/x-tar') return json(response, 200, { tree: MADE, bytes: 4, files: made });
      const wanted = contents.filter(([name]) => !path.includes('since=') || name !== 'one');
      const files = async function* () {
        for (const [name, text] of wanted) yield { path: name, mode: '100644' as const, bytes: Buffer.from(text) };
      };
      void Readable.from(packFiles(files())).pipe(response);
    });
  });
  const result = () => bench.baton(['run', 'result', '3f2a', '--out', 'project']);
  const found = () =>
    Object.fromEntries(
      readdirSync(join(bench.dir, 'project'))
        .sort()
        .map((name) => [name, readFileSync(join(bench.dir, 'project', name), 'utf8')]),
    );

  test('goes on where it was, with all files of a whole result, and leaves nothing of its own', async () => {
    project({ one: '1' });
    mkdirSync(join(bench.dir, 'project/.baton-new'));
    bench.file('project/.baton-new/whole', MADE);
    bench.file('project/.baton-new/2', 'I');
    expect(await result()).toMatchObject({ exitCode: 0 });
    expect(found()).toEqual({ one: '1', three: '3', two: 'II' });
  });

  test('is no obstacle in a folder in use, and what is not its own stays', async () => {
    project({ one: 'mine', two: '2', 'two.baton-new': 'I' });
    mkdirSync(join(bench.dir, 'project/.baton-new'));
    bench.file('project/.baton-new/1', 'I');
    bench.file('project/.baton-new/notes', 'of the user');
    expect(await result()).toMatchObject({ exitCode: 0, stdout: 'three\ntwo\n' });
    expect(readdirSync(join(bench.dir, 'project/.baton-new'))).toEqual(['notes']);
    const read = (name: string) => readFileSync(join(bench.dir, 'project', name), 'utf8');
    expect([read('one'), read('two'), read('three')]).toEqual(['mine', 'II', '3']);
  });
});

describe('run diff', () => {
  const PATCH = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-old\n+new \u001b[31mred\n';
  beforeEach(() => {
    bench.serveRun();
    bench.routes.set(`GET ${RUN_PATH}/diff`, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/x-diff' }).end(PATCH);
    });
  });

  test('is a patch, byte by byte, where it is piped', async () => {
    const { stdout } = await bench.baton(['run', 'diff', '3f2a', '--from', '1', '--to', '2']);
    expect(stdout).toBe(PATCH);
    expect(bench.server.requests.at(-1)).toMatchObject({ path: `${RUN_PATH}/diff?from=1&to=2` });
  });

  test('is in colours on a terminal, where no file may bring codes of its own', async () => {
    const { stdout } = await bench.baton(['run', 'diff', '3f2a'], { isTerminal: true });
    expect(stdout).toContain('\u001b[31m-old\u001b[39m');
    expect(stdout).toContain('+new \\x1b[31mred');
  });

  test('takes numbers of rounds alone', async () => {
    expect(await bench.baton(['run', 'diff', '3f2a', '--from', 'x'])).toMatchObject({ exitCode: 2 });
  });
});
