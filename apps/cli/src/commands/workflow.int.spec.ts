import type { WorkflowFinding, WorkflowSummary } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const summary: WorkflowSummary = {
  name: 'greet',
  version: '1.0.0',
  title: 'A greeting',
  sha256: 'a'.repeat(64),
  source: 'published',
  publishedAt: '2026-01-01T00:00:00.000Z',
  publishedBy: { type: 'apikey', id: 'local-admin' },
  problem: null,
};
const DOCUMENT = `# A comment.
name: greet
version: 1.0.0
title: A greeting
definition:
  StartAt: Hello
  States:
    Hello:
      Type: Task
      Resource: baton:worker:greeter
      Next: Nowhere
    a/b: &end
      Type: Succeed
`;
const finding = (pointer: string, severity: WorkflowFinding['severity'] = 'error'): WorkflowFinding => ({
  severity,
  pointer,
  code: 'unknown-state',
  message: 'there is no such state',
});
const serveValidation = (...findings: readonly WorkflowFinding[]) =>
  bench.routes.set('POST /v1/workflows/validate', (_, response) =>
    json(response, 200, { valid: findings.every(({ severity }) => severity === 'warning'), findings }),
  );
const text = (path: string, body: string, method = 'GET') =>
  bench.routes.set(`${method} ${path}`, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
  });

describe('workflow list', () => {
  test('shows where each version comes from, and which cannot be used', async () => {
    const shipped = { ...summary, name: 'seven-step', source: 'shipped', publishedAt: null, publishedBy: null };
    const broken = { ...summary, name: 'broken', title: null, problem: 'It cannot be used.' };
    bench.routes.set('GET /v1/workflows', (_, response) =>
      json(response, 200, { workflows: [summary, shipped, broken] }),
    );
    const { stdout } = await bench.baton(['workflow', 'list']);
    expect(stdout).toMatch(/^greet {7}1\.0\.0 {4}published {2}2026-01-01 00:00:00Z {2}A greeting$/m);
    expect(stdout).toMatch(/^seven-step {2}1\.0\.0 {4}shipped {4}- {21}A greeting$/m);
    expect(stdout).toMatch(/It cannot be used\.$/m);
    expect(JSON.parse((await bench.baton(['workflow', 'list', '-o', 'json'])).stdout)).toHaveLength(3);
  });
});

describe('workflow show', () => {
  const view = {
    ...summary,
    document: { input: { required: ['name'], properties: { name: {}, tone: {} } }, description: 'It greets.' },
  };
  test('shows the facts and the drawing, or as JSON the whole document', async () => {
    bench.routes.set('GET /v1/workflows/greet', (_, response) => json(response, 200, view));
    text('/v1/workflows/greet%401.0.0/graph', 'greet@1.0.0: A greeting\n\nstart → Hello\n');
    const { stdout, exitCode } = await bench.baton(['workflow', 'show', 'greet']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`workflow  greet@1.0.0
title     A greeting
about     It greets.
source    published 2026-01-01 00:00:00Z by apikey:local-admin
sha256    ${'a'.repeat(64)}
input     name*, tone

start → Hello
`);
    expect(JSON.parse((await bench.baton(['workflow', 'show', 'greet', '-o', 'json'])).stdout)).toEqual(view);
  });

  test('of an unknown name is exit code 3', async () => {
    bench.routes.set('GET /v1/workflows/nobody', (_, response) =>
      problem(response, 404, 'workflow-not-found', 'There is no workflow nobody.'),
    );
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'show', 'nobody']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('baton workflow list');
  });

  test.each(['', 'Two Words', '../runs', 'greet@latest', 'greet?x'])('of %j asks for nothing', async (name) => {
    expect(await bench.baton(['workflow', 'show', name])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(bench.server.requests).toEqual([]);
  });
});

describe('workflow graph', () => {
  test('draws a document in a file, which nobody has published', async () => {
    bench.routes.set('POST /v1/workflows/validate', (_, response) =>
      json(response, 200, { valid: true, findings: [] }),
    );
    text('/v1/workflows/graph', 'mine@1.0.0: Mine\n', 'POST');
    const file = bench.file('mine.yaml', 'name: mine\nversion: 1.0.0\n');
    const { stdout, exitCode } = await bench.baton(['workflow', 'graph', file]);
    expect([exitCode, stdout]).toEqual([0, 'mine@1.0.0: Mine\n']);
    expect(bench.lastBody()).toEqual({ name: 'mine', version: '1.0.0' });
  });

  test('is text, or Mermaid, without anything that moves the cursor', async () => {
    text('/v1/workflows/greet/graph', 'flowchart TD\n  s1["\u001b[2J"]\n');
    const { stdout } = await bench.baton(['workflow', 'graph', 'greet', '--format', 'mermaid']);
    expect(stdout).toBe('flowchart TD\n  s1[" [2J"]\n');
    expect(bench.server.requests.at(-1)?.path).toBe('/v1/workflows/greet/graph?format=mermaid');
    await bench.baton(['workflow', 'graph', 'greet']);
    expect(bench.server.requests.at(-1)?.path).toBe('/v1/workflows/greet/graph?format=text');
    const asJson = await bench.baton(['workflow', 'graph', 'greet', '-o', 'json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ workflow: 'greet', format: 'text' });
    expect((await bench.baton(['workflow', 'graph', 'greet', '--format', 'svg'])).exitCode).toBe(2);
  });
  test('of an unknown name is exit code 3', async () => {
    bench.routes.set('GET /v1/workflows/nobody/graph', (_, response) =>
      problem(response, 404, 'workflow-not-found', 'There is no workflow nobody.'),
    );
    expect(await bench.baton(['workflow', 'graph', 'nobody'])).toMatchObject({ exitCode: 3, stdout: '' });
  });
});

describe('workflow validate', () => {
  test('of a good file is exit code 0, and warnings are shown', async () => {
    serveValidation(finding('/definition/States/a~1b', 'warning'));
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'validate', bench.file('w.yaml', DOCUMENT)]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('w.yaml:12:5 /definition/States/a~1b warning: there is no such state\n');
    expect(stderr).toBe('w.yaml is valid: 1 warning. Publish it with `baton workflow publish w.yaml`.\n');
    expect(bench.lastBody()).toMatchObject({ name: 'greet', version: '1.0.0', definition: { StartAt: 'Hello' } });
  });

  test('of a wrong one is exit code 1, and each finding has its place', async () => {
    serveValidation(
      finding('/definition/States/Hello/Next'),
      finding('/definition/States/Hello/TimeoutSeconds'),
      finding(''),
    );
    const file = bench.file('w.yaml', DOCUMENT);
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'validate', file]);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'w.yaml:11:7 /definition/States/Hello/Next error: there is no such state',
      'w.yaml:8:5 /definition/States/Hello/TimeoutSeconds error: there is no such state',
      'w.yaml:2:1 / error: there is no such state',
      '',
    ]);
    expect(stderr).toBe('w.yaml is not valid: 3 errors.\n');
    const asJson = await bench.baton(['workflow', 'validate', file, '-o', 'json']);
    expect(asJson).toMatchObject({ exitCode: 1, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      file: 'w.yaml',
      valid: false,
      findings: [{ pointer: '/definition/States/Hello/Next', line: 11, column: 7 }, {}, {}],
    });
  });

  test('reads JSON, with places, and what comes on stdin', async () => {
    serveValidation(finding('/steps/1/title'));
    const text = '{\n  "name": "x",\n  "steps": [\n    {},\n    { "title": 5 }\n  ]\n}\n';
    expect((await bench.baton(['workflow', 'validate', bench.file('w.json', text)])).stdout).toMatch(/^w\.json:5:7 /);
    expect((await bench.baton(['workflow', 'validate', '-'], { stdin: text })).stdout).toMatch(/^stdin:5:7 /);
  });

  test.each<[string, string | Buffer, string, RegExp]>([
    ['has a set', 'a: !!set { x }\n', 'w.yaml', /Unresolved tag: tag:yaml\.org,2002:set at line 1, column 4/],
    [
      'has a merge key',
      'a: &a { x: 1 }\nb:\n  <<: *a\n',
      'w.yaml',
      /merge keys \(<<\) are no part of YAML 1\.2.* line 3/,
    ],
    ['has a key that is no text', '? [a]\n: 1\n', 'w.yaml', /a key is a text.* at line 1, column 3/],
    [
      'has a number that would be another',
      'a:\n  - 12345678901234567890\n',
      'w.yaml',
      /would become 12345678901234567000.* at line 2/,
    ],
    ['has such a number in JSON', '{"a": [1e400]}', 'w.json', /w\.json cannot be kept: at \/a\/0 the number 1e400/],
    ['is not YAML', 'a: [1\nb: 2\n', 'w.yaml', /w\.yaml is not YAML that can be read: .* at line \d, column \d/],
    ['has a key twice', 'a: 1\na: 2\n', 'w.yaml', /Map keys must be unique at line 2, column 1/],
    ['has a tag that is not known', 'a: !Ref b\n', 'w.yaml', /Unresolved tag: !Ref/],
    ['holds two documents', 'a: 1\n---\nb: 1\n', 'w.yaml', /multiple documents/],
    ['has a number that JSON does not have', 'a: .inf\n', 'w.yaml', /JSON has no number \.inf.* line 1/],
    ['is not JSON', '{"a": 1,}', 'w.json', /w\.json is not JSON: /],
    ['is empty', '', 'w.yaml', /holds no workflow document/],
    ['is a text', 'Hello there.', 'w.yaml', /holds no workflow document/],
    ['is a list', '[1, 2]', 'w.json', /holds no workflow document/],
    ['is too large', Buffer.alloc(1024 * 1024 + 1, 'a'), 'w.yaml', /larger than 1024 KB/],
    ['is binary', Buffer.from([0, 1, 2]), 'w.yaml', /is binary/],
  ])('of a file that %s sends nothing', async (_, content, name, says) => {
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'validate', bench.file(name, content)]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^next: /m);
    expect(bench.server.requests).toEqual([]);
  });

  test('of a file that is missing, or a directory, sends nothing', async () => {
    expect((await bench.baton(['workflow', 'validate', 'missing.yaml'])).stderr).toContain('There is no file');
    expect((await bench.baton(['workflow', 'validate', '.'])).stderr).toContain('is a directory');
    expect(bench.server.requests).toEqual([]);
  });
});

describe('workflow publish', () => {
  const servePublication = (status: 'published' | 'unchanged') =>
    bench.routes.set('POST /v1/workflows', (_, response) =>
      json(response, status === 'published' ? 201 : 200, { ...summary, status, findings: [] }),
    );

  test('publishes, and says how to run it', async () => {
    serveValidation(finding('/definition', 'warning'));
    servePublication('published');
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'publish', bench.file('w.yaml', DOCUMENT)]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'greet@1.0.0\n' });
    expect(stderr).toContain('w.yaml:5:1 /definition warning: there is no such state\n');
    expect(stderr).toContain('baton run submit --workflow greet');
    expect(bench.server.requests.map(({ path }) => path)).toEqual(['/v1/workflows/validate', '/v1/workflows']);
    expect(bench.lastBody()).toMatchObject({ name: 'greet', definition: { StartAt: 'Hello' } });
  });

  test('the same content again is exit code 0', async () => {
    serveValidation();
    servePublication('unchanged');
    const { exitCode, stderr } = await bench.baton(['workflow', 'publish', bench.file('w.yaml', DOCUMENT)]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('Nothing to do: greet@1.0.0 has this content already.\n');
  });

  test.each([
    ['table', /^w\.yaml:11:7 \/definition\/States\/Hello\/Next error: there is no such state$/m],
    ['json', /^\{"code":"workflow-invalid".*"pointer":"\/definition\/States\/Hello\/Next"/],
  ])('a wrong document is exit code 1, and nothing is published (%s)', async (format, says) => {
    serveValidation(finding('/definition/States/Hello/Next'));
    const file = bench.file('w.yaml', DOCUMENT);
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'publish', file, '-o', format]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(bench.server.requests.map(({ path }) => path)).toEqual(['/v1/workflows/validate']);
  });

  test('other content under a version that exists is exit code 1', async () => {
    serveValidation();
    bench.routes.set('POST /v1/workflows', (_, response) =>
      problem(response, 409, 'workflow-version-exists', 'greet@1.0.0 exists with other content.'),
    );
    const { exitCode, stdout, stderr } = await bench.baton(['workflow', 'publish', bench.file('w.yaml', DOCUMENT)]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('greet@1.0.0 exists with other content.');
  });
});
