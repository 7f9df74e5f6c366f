import { randomUUID } from 'node:crypto';
import { type TemplateSet, WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool, putBlob, tellTemplates } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let worker: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  worker = createPool(gateway.databaseUrl, { role: 'worker', max: 1, applicationName: 'test-worker' });
});
afterAll(async () => {
  await worker.end();
  await gateway.stop();
});

const problem = { layer: '/mine', path: 'tone.md', id: 'tone', variant: 'main', problem: 'tone.md cannot be used.' };

/** A service starts with these texts, each as a variant of the same template. */
async function starts(kind: string, texts: Readonly<Record<string, string>>, isReplaced = false): Promise<void> {
  const templates: TemplateSet['templates'] = [];
  for (const [variant, text] of Object.entries(texts)) {
    const { sha256 } = await putBlob(worker, text);
    const names = { id: `${kind}_mood`, variant, weight: 1, version: '1.0.0', sha256, agent: kind, output: 'Text' };
    templates.push({ ...names, title: 'Mood', layer: '/mine', path: 'mood.md', isShipped: false, isReplaced });
  }
  await tellTemplates(worker, kind, { templates, problems: [problem] });
}

describe('the templates', () => {
  test('are those that each kind of service said at its newest start, and a file that is broken for all is told once', async () => {
    await starts('prompt', { main: 'Before.' });
    await starts('prompt', { main: 'Now.', strict: 'Be strict.' });
    await starts('planner', { main: 'Plan.' });
    const { status, body } = await gateway.get('/v1/templates');
    expect(status).toBe(200);
    expect(body.templates.map(({ id, variant }: { id: string; variant: string }) => `${id} ${variant}`)).toEqual([
      'planner_mood main',
      'prompt_mood main',
      'prompt_mood strict',
    ]);
    expect(body.problems).toEqual([problem]);
  });

  test('are kept with every text that there was, to be read by its hash as it was', async () => {
    await starts('validator', { main: 'Line one.\r\nÜmlaut\n' });
    await starts('validator', { main: 'Another.' });
    const { body } = await gateway.get('/v1/templates/validator_mood');
    expect(body.versions.map((each: { status: string }) => each.status).sort()).toEqual(['in-use', 'past']);
    const { sha256 } = body.versions.find((each: { status: string }) => each.status === 'past');
    const text = await gateway.get(`/v1/templates/validator_mood/texts/${sha256.slice(0, 10)}`);
    expect(text.body).toMatchObject({ sha256, variant: 'main', text: 'Line one.\r\nÜmlaut\n' });
  });

  test.each([
    ['/v1/templates/prompt_mod', 'There is no template \\"prompt_mod\\". Did you mean'],
    ['/v1/templates/tone', 'tone.md cannot be used.'],
    ['/v1/templates/__proto__', 'There is no template'],
    ['/v1/templates/prompt_mood/texts/0000', 'No service ever worked with a text of prompt_mood'],
    ['/v1/templates/prompt_mood/texts/%25', 'No service ever worked with a text of prompt_mood'],
  ])('that are not there are a 404 with a sentence: %s', async (path, sentence) => {
    const { status, body } = await gateway.get(path);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-template' });
    expect(JSON.stringify(body.detail)).toContain(sentence);
  });

  test('that a run asks for have to be there', async () => {
    await starts('prompt', { main: 'Now.', strict: 'Be strict.' });
    const submit = (templates: Readonly<Record<string, string>>) =>
      gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'a' }, agents: { templates } });
    expect((await submit({ prompt_mood: 'strict' })).status).toBe(202);
    const refused = await submit({ prompt_mood: 'strikt', prompt_mod: 'main' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'unknown-template' } });
    expect(refused.body.errors).toEqual([
      { pointer: '/agents/templates/prompt_mood', detail: 'prompt_mood has no variant strikt; it has main, strict' },
      { pointer: '/agents/templates/prompt_mod', detail: expect.stringContaining('Did you mean "prompt_mood"?') },
    ]);
  });
});

describe('the servers whose tools a run leaves its agents', () => {
  const allowed: TemplateSet['servers'] = [
    { name: 'docs', tools: ['search', 'fetch'] },
    { name: 'notes', tools: 'all' },
  ];
  const tell = (kind: string, servers?: TemplateSet['servers']) =>
    tellTemplates(worker, kind, { templates: [], problems: [], ...(servers === undefined ? {} : { servers }) });
  const submit = (mcpServers: readonly string[]) =>
    gateway.post('/v1/runs', { workflow: 'two-steps', input: { requirements: 'a' }, agents: { mcpServers } });

  test('are those that some worker has, and of these the tools that it may use', async () => {
    await tell('planner', allowed);
    await tell('advisor', []);
    expect((await submit(['docs:search', 'notes:anything', 'docs'])).status).toBe(202);
    expect((await submit([])).status).toBe(202);
    const refused = await submit(['docs:serch', 'dcos', 'notes']);
    expect(refused).toMatchObject({ status: 422, body: { code: 'unknown-mcp-server' } });
    expect(refused.body.next).toBe('The operators of the workers allow docs, notes.');
    expect(refused.body.errors).toEqual([
      {
        pointer: '/agents/mcpServers/0',
        detail: 'no worker may use the tool serch of docs; those of it that one may use are search, fetch',
      },
      { pointer: '/agents/mcpServers/1', detail: 'there is no server dcos. Did you mean "docs"?' },
    ]);
  });

  test.each([['Docs'], ['docs:'], ['docs:a:b'], ['']])(
    'are named as server or server:tool, and not as %j',
    async (name) => {
      const refused = await submit([name]);
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/agents/mcpServers/0' }] } });
    },
  );

  test('are not narrowed while a worker would leave that out', async () => {
    await tell('planner', allowed);
    await tell('tester');
    expect((await submit(['docs'])).status).toBe(202);
    const workerId = randomUUID();
    const living = { v: 1, workerId, kind: 'tester', host: 'ada', pid: 7, concurrency: 1 };
    await announceWorker(worker, WorkerAnnouncement.parse(living));
    const refused = await submit(['docs']);
    expect(refused).toMatchObject({ status: 409, body: { code: 'worker-too-old' } });
    expect(refused.body.detail).toContain('tester');
    await announceWorker(worker, WorkerAnnouncement.parse({ ...living, isStopped: true }));
    expect((await submit(['docs'])).status).toBe(202);
  });

  test('are not narrowed while any worker of a kind would leave that out, whichever of them began last', async () => {
    await tell('planner', allowed);
    const self = { v: 1, kind: 'planner', host: 'ada', pid: 7, concurrency: 1 };
    const former = { ...self, workerId: randomUUID() };
    const newer = { ...self, workerId: randomUUID(), hasOwnDoor: true, looksAtRungs: true };
    await announceWorker(worker, WorkerAnnouncement.parse(former));
    await announceWorker(worker, WorkerAnnouncement.parse(newer));
    expect(await submit(['docs'])).toMatchObject({ status: 409, body: { code: 'worker-too-old' } });
    // One that takes no more tasks may be told to take some again.
    await announceWorker(worker, WorkerAnnouncement.parse({ ...former, isDraining: true }));
    expect((await submit([])).status).toBe(409);
    await announceWorker(worker, WorkerAnnouncement.parse({ ...former, isStopped: true }));
    expect((await submit(['docs'])).status).toBe(202);
    expect((await submit(['dcos'])).status).toBe(422);
    // The former one began once more, and is gone: which servers the one that lives has, nobody has said since.
    await tell('planner');
    expect((await submit(['elsewhere'])).status).toBe(202);
    await announceWorker(worker, WorkerAnnouncement.parse({ ...newer, isStopped: true }));
    await tell('planner', allowed);
  });

  test('are shown with the run, as all that it was submitted with for its agents', async () => {
    const agents = { model: 'some-model', mcpServers: ['docs:search'] };
    const [narrowed, usual] = [randomUUID(), randomUUID()];
    await gateway.log.append(narrowed, runStarted({ agents }));
    await gateway.log.append(usual, runStarted({ input: { requirements: 'of "agents":{"model":"x"}' } }));
    expect((await gateway.get(`/v1/runs/${narrowed}`)).body.agents).toEqual(agents);
    expect((await gateway.get(`/v1/runs/${usual}`)).body.agents).toBeNull();
  });
});
