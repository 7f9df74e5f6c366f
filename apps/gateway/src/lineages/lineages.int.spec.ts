import { randomUUID } from 'node:crypto';
import { LineageList, LineageLog, LineageView, WorkspaceUploaded } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { document } from '@baton/read-model/testing';
import { packFiles } from '@baton/workspace';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  const { input: _, ...anyInput } = document;
  expect((await gateway.post('/v1/workflows', { ...anyInput, name: 'any-input' })).status).toBe(201);
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'lineages-test', max: 1 });
});
afterAll(async () => {
  await owner?.end();
  await gateway?.stop();
});

async function upload(content: string): Promise<string> {
  const chunks: Buffer[] = [];
  const files = async function* () {
    yield { path: 'a.txt', mode: '100644' as const, bytes: Buffer.from(content) };
  };
  for await (const chunk of packFiles(files())) chunks.push(chunk);
  const response = await fetch(`${gateway.url}/v1/workspaces`, {
    method: 'POST',
    body: Buffer.concat(chunks),
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-tar' },
  });
  return WorkspaceUploaded.parse(await response.json()).tree;
}

const named = (): string => `l-${randomUUID()}`;
const create = async (name: string, workspace: object) => gateway.post('/v1/lineages', { name, workspace });

async function aLineage(content = 'a'): Promise<{ readonly name: string; readonly tree: string }> {
  const [name, tree] = [named(), await upload(content)];
  expect((await create(name, { tree })).status).toBe(201);
  return { name, tree };
}

/** As the hub does it, for a command that is open. */
async function land(name: string, tree: string): Promise<void> {
  await owner.query(
    `insert into baton.lineage_version (lineage, number, tree, command_id, run_id, state, actor)
     select $1, max(number) + 1, decode($2, 'hex'), $3, $4, 'Land', '{"type":"user","id":"ada"}'
       from baton.lineage_version where lineage = $1`,
    [name, tree, `${randomUUID()}-1`, randomUUID()],
  );
}

describe('a lineage over HTTP', () => {
  test('is made once for an Idempotency-Key, and shown again', async () => {
    const [body, key] = [{ name: named(), workspace: { tree: await upload('a') } }, { 'idempotency-key': named() }];
    const made = await gateway.post('/v1/lineages', body, key);
    expect(made.status).toBe(201);
    expect(await gateway.post('/v1/lineages', body, key)).toMatchObject({ status: 201, body: made.body });
    expect(await gateway.post('/v1/lineages', body)).toMatchObject({ status: 409, body: { code: 'lineage-exists' } });
    expect((await gateway.post('/v1/lineages', { ...body, name: named() }, key)).status).toBe(422);
  });

  test('is made of a workspace, and shows its head and where it came from', async () => {
    const [name, tree] = [named(), await upload('a')];
    const workspace = { tree, commit: '1'.repeat(40), prefix: 'api/', name: 'shop' };
    const made = await create(name, workspace);
    expect(made.status).toBe(201);
    expect(LineageView.parse(made.body)).toMatchObject({
      name,
      workspace,
      createdBy: { type: 'apikey' },
      head: { number: 1, tree, runId: null, state: null },
    });
    expect((await gateway.get(`/v1/lineages/${name}`)).body).toEqual(made.body);
  });

  test('has a log of its versions, newest first, page after page', async () => {
    const { name, tree } = await aLineage();
    const trees = [tree];
    for (const content of ['b', 'c', 'd']) {
      trees.unshift(await upload(content));
      await land(name, trees[0] ?? '');
    }
    const first = LineageLog.parse((await gateway.get(`/v1/lineages/${name}/versions?limit=3`)).body);
    expect(first.versions.map(({ number, state }) => `${number} ${state}`)).toEqual(['4 Land', '3 Land', '2 Land']);
    const rest = LineageLog.parse(
      (await gateway.get(`/v1/lineages/${name}/versions?limit=3&cursor=${first.next}`)).body,
    );
    expect([...first.versions, ...rest.versions].map((version) => version.tree)).toEqual(trees);
    expect(rest.next).toBeNull();
    expect((await gateway.get(`/v1/lineages/${name}`)).body.head).toMatchObject({ number: 4, actor: { id: 'ada' } });
  });

  test('is listed by name with all others', async () => {
    const made = [await aLineage(), await aLineage()].map(({ name }) => name);
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/lineages?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: LineageList = LineageList.parse((await gateway.get(path)).body);
      names.push(...page.lineages.map(({ name }) => name));
      cursor = page.next;
    }
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(made));
  });

  test.each<[string, () => Promise<{ status: number; body: unknown }>, number, string]>([
    [
      'a name that is taken',
      async () => create((await aLineage()).name, { tree: await upload('b') }),
      409,
      'lineage-exists',
    ],
    ['a name that is none', async () => create('My Shop', { tree: await upload('a') }), 422, 'invalid-body'],
    ['a workspace that is not there', () => create(named(), { tree: 'f'.repeat(64) }), 404, 'workspace-not-found'],
    [
      'a lineage of a lineage',
      async () => create(named(), { tree: await upload('a'), lineage: 'x' }),
      422,
      'invalid-body',
    ],
    ['one that is not there', () => gateway.get('/v1/lineages/nowhere'), 404, 'lineage-not-found'],
    ['the log of one that is not there', () => gateway.get('/v1/lineages/nowhere/versions'), 404, 'lineage-not-found'],
    ['a cursor that is none', () => gateway.get('/v1/lineages/nowhere/versions?cursor=0'), 404, 'lineage-not-found'],
  ])('refuses %s in one sentence with the next step', async (_, ask, status, code) => {
    expect(await ask()).toMatchObject({
      status,
      body: { code, detail: expect.any(String), next: expect.any(String) },
    });
  });

  test('is made by one alone where two make it at once', async () => {
    const [name, tree] = [named(), await upload('a')];
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(name, { tree })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });
});

describe('a run that is to land', () => {
  const submit = (workspace: object) =>
    gateway.post(
      '/v1/runs',
      { workflow: 'any-input', input: { requirements: 'x', workspaceType: 'shared', workspace } },
      { 'idempotency-key': randomUUID() },
    );

  test('begins from any version of its lineage', async () => {
    const { name, tree } = await aLineage();
    await land(name, await upload('later'));
    expect((await submit({ tree, lineage: name })).status).toBe(202);
  });

  test('is refused at once where it begins from anything else, or the lineage is not there', async () => {
    const { name } = await aLineage();
    expect(await submit({ tree: await upload('mine'), lineage: name })).toMatchObject({
      status: 422,
      body: {
        code: 'not-of-lineage',
        detail: `The workspace is no version of the lineage ${name}, whose head is version 1.`,
        next: expect.stringContaining('--workspace'),
      },
    });
    expect(await submit({ tree: await upload('mine'), lineage: 'nowhere' })).toMatchObject({
      status: 422,
      body: { code: 'lineage-not-found', errors: [{ pointer: '/input/workspace/lineage' }] },
    });
  });
});
