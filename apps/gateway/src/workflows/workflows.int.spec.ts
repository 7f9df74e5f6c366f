import { openCatalog } from '@baton/catalog';
import { WorkflowList, WorkflowPublished, WorkflowValidation, WorkflowView } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { document } from '@baton/read-model/testing';
import { canonicalSha256 } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const versionOf = (name: string, version: string, over: object = {}) => ({ ...document, name, version, ...over });
const publish = (body: unknown) => gateway.post('/v1/workflows', body);
const validate = (body: unknown) => gateway.post('/v1/workflows/validate', body);
const withStates = (name: string, States: object, over: object = {}) => ({
  name,
  version: '1.0.0',
  title: 'Test',
  definition: { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States },
  ...over,
});

/** What is said of the two tasks of the document, which have no Retry. */
const BARE = ['Plan', 'Code'].map((state) => ({
  severity: 'warning',
  pointer: `/definition/States/${state}`,
  code: 'unguarded-task',
  message: expect.stringContaining('neither Retry nor Catch'),
}));

describe('POST /v1/workflows', () => {
  test('publishes a document: every gateway and every hub has it at once, and a run of it is accepted', async () => {
    const answer = await publish(versionOf('published', '1.0.0'));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/workflows/published@1.0.0');
    expect(WorkflowPublished.parse(answer.body)).toEqual({
      name: 'published',
      version: '1.0.0',
      title: document.title,
      sha256: canonicalSha256(versionOf('published', '1.0.0')),
      source: 'published',
      publishedAt: expect.stringMatching(/Z$/),
      publishedBy: { type: 'apikey', id: 'local-admin' },
      problem: null,
      status: 'published',
      findings: BARE,
    });
    expect((await openCatalog(gateway.hub, []).find('published'))?.sha256).toBe(answer.body.sha256);
    const run = { workflow: 'published', input: { requirements: 'x' } };
    expect((await gateway.post('/v1/runs', run)).status).toBe(202);
  });

  test('the same content again is no news, however it is written', async () => {
    const first = await publish(versionOf('again', '1.0.0'));
    const { title, ...rest } = versionOf('again', '1.0.0');
    const again = await publish({ title, ...rest });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.headers.get('location')).toBe('/v1/workflows/again@1.0.0');
    expect(again.body).toEqual({ ...first.body, status: 'unchanged' });
  });

  test.each([
    ['published', 'taken', 'was published at'],
    ['shipped', 'two-steps', 'ships with Baton'],
  ])('other content under a version that is %s is refused', async (_, name, says) => {
    await publish(versionOf(name, '1.0.0'));
    const answer = await publish(versionOf(name, '1.0.0', { title: 'Other' }));
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'workflow-version-exists',
      detail: expect.stringContaining(says),
      errors: [{ pointer: '/version' }],
    });
    expect((await gateway.get(`/v1/workflows/${name}@1.0.0`)).body.title).toBe(document.title);
  });

  test('the content of a file that ships is there already', async () => {
    const answer = await publish(document);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ source: 'shipped', status: 'unchanged' });
  });

  test('a document with errors is refused with all of them, and not stored', async () => {
    const Resource = 'baton:nonsense';
    const answer = await publish(
      withStates('wrong', { A: { Type: 'Task', Resource, Next: 'B' }, C: { Type: 'Wait', Seconds: -1, End: true } }),
    );
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('workflow-invalid');
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(['/definition/States/A/Resource', '/definition/States/C/Seconds']),
    );
    expect((await gateway.get('/v1/workflows/wrong')).status).toBe(404);
  });

  test.each([
    ['a version with leading zeros', versionOf('odd', '01.0.0'), '/version'],
    ['a version beyond counting', versionOf('odd', '1.0.9999999999'), '/version'],
    ['a name without end', versionOf('a'.repeat(101), '1.0.0'), '/name'],
    ['an input schema that is none', versionOf('odd', '1.0.0', { input: { type: 'text' } }), '/input/type'],
    ['nothing', null, ''],
    ['a list', [], ''],
  ])('%s is refused', async (_, body, pointer) => {
    const answer = await publish(JSON.stringify(body));
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({ pointer });
  });

  test('a body that is no JSON, too large or too deep is refused', async () => {
    expect((await publish('{"name":')).body).toMatchObject({ status: 400, code: 'malformed-request' });
    const large = versionOf('large', '1.0.0', { description: 'x'.repeat(1024 * 1024) });
    expect((await publish(large)).body).toMatchObject({ status: 413, code: 'body-too-large' });
    const deep = `{"name":"deep","definition":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    expect((await publish(deep)).body).toMatchObject({ status: 422, code: 'workflow-invalid' });
  });

  test('YAML is as good, here and nowhere else', async () => {
    const yaml = { 'content-type': 'application/yaml' };
    const answer = await gateway.post('/v1/workflows', stringify(versionOf('as-yaml', '1.0.0')), yaml);
    expect(answer.status).toBe(201);
    expect(answer.body.sha256).toBe(canonicalSha256(versionOf('as-yaml', '1.0.0')));
    expect((await gateway.post('/v1/workflows', 'name: [', yaml)).body).toMatchObject({
      status: 400,
      code: 'malformed-request',
      detail: expect.stringMatching(/line \d, column \d/),
    });
    expect((await gateway.post('/v1/workflows/validate', 'name: a', yaml)).status).toBe(200);
    expect((await gateway.post('/v1/runs', 'workflow: a', yaml)).body.code).toBe('unsupported-media-type');
  });
});

describe('POST /v1/workflows/validate', () => {
  test('a good document is valid, and is not published', async () => {
    const answer = await validate(versionOf('only-checked', '1.0.0'));
    expect(answer.status).toBe(200);
    expect(WorkflowValidation.parse(answer.body)).toEqual({ valid: true, findings: BARE });
    expect((await gateway.get('/v1/workflows/only-checked')).status).toBe(404);
  });

  test('a wrong one is no error of the request: the answer says what is wrong', async () => {
    const answer = await validate(withStates('wrong', { A: { Type: 'Pass', Next: 'Nowhere' } }));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ valid: false });
    expect(answer.body.findings).toContainEqual({
      severity: 'error',
      pointer: '/definition/States/A/Next',
      code: 'unknown-state',
      message: expect.any(String),
    });
    expect((await validate('5')).body).toMatchObject({ valid: false, findings: [{ pointer: '' }] });
  });

  test('a child workflow that is not there yet is a warning, with its place', async () => {
    await publish(versionOf('child', '1.0.0'));
    const child = (ref: string, Next?: string) => ({
      Type: 'Task',
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Resource: `baton:workflow:${ref}`,
      ...(Next === undefined ? { End: true } : { Next }),
    });
    const parent = withStates('parent', {
      A: child('child', 'B'),
      B: child('child@1.0.0', 'C'),
      C: child('child@2.0.0', 'D'),
      D: child('parent', 'E'),
      E: child('nobody'),
    });
    const { valid, findings } = (await validate(parent)).body;
    expect(valid).toBe(true);
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'unknown-workflow',
        pointer: '/definition/States/C/Resource',
      }),
      expect.objectContaining({
        severity: 'warning',
        code: 'unknown-workflow',
        pointer: '/definition/States/E/Resource',
      }),
    ]);
    const published = await publish(parent);
    expect(published.status).toBe(201);
    expect(published.body.findings).toEqual(findings);
  });

  test('a version that is taken is a warning', async () => {
    expect((await validate(document)).body.findings).toEqual(BARE);
    expect((await validate({ ...document, title: 'Other' })).body).toMatchObject({
      valid: true,
      findings: [...BARE, { severity: 'warning', code: 'workflow-version-exists', pointer: '/version' }],
    });
  });
});

describe('GET /v1/workflows', () => {
  test('lists what ships and what was published, newest version first', async () => {
    for (const version of ['1.9.0', '1.10.0']) await publish(versionOf('listed', version));
    const { workflows } = WorkflowList.parse((await gateway.get('/v1/workflows')).body);
    const seen = workflows.filter(({ name }) => ['listed', 'two-steps'].includes(name));
    expect(seen.map(({ name, version, source }) => [name, version, source])).toEqual([
      ['listed', '1.10.0', 'published'],
      ['listed', '1.9.0', 'published'],
      ['two-steps', '1.0.0', 'shipped'],
    ]);
    expect(seen.at(-1)).toMatchObject({ publishedAt: null, publishedBy: null });
  });

  test('one that cannot be read is listed with the reason, and refused by name', async () => {
    const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'test' });
    await owner.query(
      `insert into baton.workflow (name, version, sha256, document, published_by)
       values ('altered', '1.0.0', decode(repeat('00', 32), 'hex'), '{}', '{"type":"user","id":"ada"}')`,
    );
    await owner.end();
    const { workflows } = WorkflowList.parse((await gateway.get('/v1/workflows')).body);
    expect(workflows.find(({ name }) => name === 'altered')).toMatchObject({
      title: null,
      problem: expect.stringContaining('altered@1.0.0'),
    });
    const answer = await gateway.get('/v1/workflows/altered');
    expect(answer.body).toMatchObject({
      status: 500,
      code: 'workflow-unreadable',
      detail: expect.stringContaining('altered@1.0.0'),
    });
    expect((await gateway.get('/v1/workflows/two-steps')).status).toBe(200);
  });

  test('one has the whole document, by name or by version, and a tag', async () => {
    const answer = await gateway.get('/v1/workflows/two-steps');
    const view = WorkflowView.parse(answer.body);
    expect(view.document).toEqual(JSON.parse(JSON.stringify(document)));
    expect(view.sha256).toBe(canonicalSha256(document));
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).toBe(`"${view.sha256}"`);
    const again = await gateway.get('/v1/workflows/two-steps@1.0.0', { 'if-none-match': etag });
    expect([again.status, again.body]).toEqual([304, null]);
    expect((await gateway.get('/v1/workflows/two-steps%401.0.0')).status).toBe(200);
  });

  test.each(['nobody', 'two-steps@9.9.9', 'two-steps@latest', 'Two Steps', '%00', "x' or 1=1", 'a'.repeat(90)])(
    '%s is not found',
    async (ref) => {
      const answer = await gateway.get(`/v1/workflows/${ref}`);
      expect(answer.body).toMatchObject({ status: 404, code: 'workflow-not-found' });
    },
  );
});

describe('GET /v1/workflows/{ref}/graph', () => {
  const drawing = async (query: string) => {
    const response = await fetch(`${gateway.url}/v1/workflows/two-steps/graph${query}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };

  test('is Mermaid, or text', async () => {
    for (const query of ['', '?format=mermaid']) {
      const { type, text } = await drawing(query);
      expect(type).toBe('text/vnd.mermaid; charset=utf-8');
      expect(text).toMatch(/^flowchart TD\n/);
    }
    const { type, text } = await drawing('?format=text');
    expect(type).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/^two-steps@1\.0\.0: Plan and code\n\nstart → Plan\n/);
  });

  test('of nothing, and in a format that is none, is refused', async () => {
    expect((await gateway.get('/v1/workflows/nobody/graph')).status).toBe(404);
    expect((await gateway.get('/v1/workflows/two-steps/graph?format=svg')).body).toMatchObject({
      status: 400,
      code: 'invalid-parameter',
      errors: [{ pointer: 'format' }],
    });
  });
});
