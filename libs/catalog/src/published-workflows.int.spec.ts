import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { canonicalSha256, type WorkflowDocument } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { checkDocument } from './check-document.js';
import { catalogMigrations } from './migrations.js';
import { openCatalog, openWorkflowCatalog } from './open-catalog.js';
import { publishComposed, publishWorkflow } from './publish-workflow.js';
import { document } from './testing/document.js';

let database: TestDatabase;
let gateway: Pool;
let hub: Pool;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations, catalogMigrations]);
  const open = (role: 'gateway' | 'hub' | 'owner') =>
    createPool(database.url, { role, applicationName: 'catalog-test' });
  [gateway, hub, owner] = [open('gateway'), open('hub'), open('owner')];
});
afterAll(async () => {
  await Promise.all([gateway?.end(), hub?.end(), owner?.end()]);
  await database?.drop();
});

const ada = { type: 'user', id: 'ada' } as const;

function workflow(name: string, version: string, over: Partial<WorkflowDocument> = {}) {
  const checked = checkDocument({ ...document, name, version, ...over });
  if (!checked.ok) throw new Error('the test document is wrong');
  return checked;
}
const publish = (name: string, version: string, over: Partial<WorkflowDocument> = {}) =>
  publishWorkflow(gateway, openCatalog(gateway, []), workflow(name, version, over), ada);
const versionOf = async (catalog: ReturnType<typeof openCatalog>, ref: string) =>
  (await catalog.find(ref))?.document.version;

describe('a published workflow', () => {
  test('is found by every process at once, also by one that looked for it in vain a moment ago', async () => {
    const catalog = openCatalog(hub, []);
    expect(await catalog.find('at-once')).toBeUndefined();
    expect(await catalog.find('at-once@1.0.0')).toBeUndefined();
    await publish('at-once', '1.0.0');
    const { sha256 } = workflow('at-once', '1.0.0');
    const entry = {
      document: { ...document, name: 'at-once' },
      sha256,
      origin: { source: 'published', publishedAt: expect.stringMatching(/Z$/), publishedBy: ada },
    };
    expect(await catalog.find('at-once')).toEqual(entry);
    expect(await catalog.find('at-once@1.0.0')).toEqual(entry);
    expect((await catalog.find('at-once'))?.document).toBe((await catalog.find('at-once@1.0.0'))?.document);
  });

  test('is asked for with one query, and read once', async () => {
    await publish('one-query', '1.0.0');
    const catalog = openCatalog(hub, []);
    await catalog.find('one-query');
    const queries = vi.spyOn(hub, 'query');
    try {
      await catalog.find('one-query');
      expect(queries).toHaveBeenCalledTimes(1);
      expect(queries.mock.calls[0]?.[0]).not.toMatchObject({ text: expect.stringContaining('document') });
    } finally {
      queries.mockRestore();
    }
  });

  test('without a version is the newest, by number', async () => {
    const catalog = openCatalog(hub, []);
    for (const version of ['1.2.0', '1.9.0', '1.10.0']) await publish('by-number', version);
    expect(await publish('by-number', '1.9.5')).toEqual({ status: 'lower', newest: '1.10.0' });
    expect(await versionOf(catalog, 'by-number')).toBe('1.10.0');
    expect(await versionOf(catalog, 'by-number@1.9.0')).toBe('1.9.0');
  });

  test('is found by an index among thousands of versions', async () => {
    const client = await owner.connect();
    try {
      await client.query('begin');
      await client.query(
        `insert into baton.workflow (name, version, sha256, document, published_by)
         select 'many', '1.0.' || n, decode(repeat('00', 32), 'hex'), '{}', '{}' from generate_series(1, 5000) n`,
      );
      await client.query('analyze baton.workflow');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain select version from baton.workflow where name = 'many'
          order by string_to_array(version, '.')::int[] desc limit 1`,
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using workflow_newest/);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('stands beside the files that ship, and the newest of both counts', async () => {
    const file = { ...workflow('both', '1.5.0'), file: 'both.yaml' };
    const catalog = openCatalog(hub, [file]);
    await publish('both', '1.4.0');
    expect((await catalog.find('both'))?.origin).toEqual({ source: 'shipped', file: 'both.yaml' });
    await publish('both', '1.6.0');
    expect((await catalog.find('both'))?.origin).toMatchObject({ source: 'published' });
    expect(await versionOf(catalog, 'both@1.5.0')).toBe('1.5.0');
    const { workflows } = await catalog.list();
    const ours = workflows.filter((entry) => entry.document.name === 'both');
    expect(ours.map((entry) => [entry.document.version, entry.origin.source])).toEqual([
      ['1.6.0', 'published'],
      ['1.5.0', 'shipped'],
      ['1.4.0', 'published'],
    ]);
    expect(await catalog.names()).toContain('both');
  });

  test('counts before a file of the same version, which may have changed since', async () => {
    await publish('shadow', '1.0.0');
    const catalog = openCatalog(hub, [{ ...workflow('shadow', '1.0.0', { title: 'Changed' }), file: 'shadow.yaml' }]);
    for (const ref of ['shadow', 'shadow@1.0.0']) {
      expect((await catalog.find(ref))?.document.title).toBe(document.title);
    }
    const { workflows } = await catalog.list();
    expect(workflows.filter((entry) => entry.document.name === 'shadow')).toHaveLength(1);
  });

  test('counts before a file, and the service says so when it starts', async () => {
    await publish('two-steps', '1.0.0');
    const dir = await mkdtemp(join(tmpdir(), 'baton-workflows-'));
    const warnings: unknown[] = [];
    const log = { warn: (facts: object) => void warnings.push(facts) };
    try {
      await writeFile(join(dir, 'a.json'), JSON.stringify(document));
      await openWorkflowCatalog(hub, dir, log);
      expect(warnings).toEqual([]);
      await writeFile(join(dir, 'a.json'), JSON.stringify({ ...document, title: 'Changed' }));
      const catalog = await openWorkflowCatalog(hub, dir, log);
      expect(warnings).toEqual([{ workflow: 'two-steps@1.0.0', file: join(dir, 'a.json') }]);
      expect((await catalog.find('two-steps'))?.document.title).toBe(document.title);
      await writeFile(join(dir, 'b.json'), '{');
      await openWorkflowCatalog(hub, dir, log);
      expect(warnings.at(-2)).toMatchObject({ file: join(dir, 'b.json'), notice: expect.stringContaining('b.json') });
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  test.each(['', '@1.0.0', 'by-number@', 'by-number@latest', 'by-number@1.0.0@1', 'nul\u0000', "x' or 1=1"])(
    'is not found by %j',
    async (ref) => {
      expect(await openCatalog(hub, []).find(ref)).toBeUndefined();
    },
  );
});

describe('publishing', () => {
  test('the same document again changes nothing, in whatever order its properties come', async () => {
    expect(await publish('again', '1.0.0')).toMatchObject({ status: 'published' });
    const { title, steps, ...rest } = workflow('again', '1.0.0').document;
    const turned = checkDocument({ steps, ...rest, title });
    if (!turned.ok) throw new Error('the test document is wrong');
    expect(await publishWorkflow(gateway, openCatalog(gateway, []), turned, { type: 'user', id: 'bob' })).toMatchObject(
      {
        status: 'unchanged',
        origin: { publishedBy: ada },
      },
    );
  });

  test('another document under the same version is refused, published or shipped', async () => {
    await publish('taken', '1.0.0');
    expect(await publish('taken', '1.0.0', { title: 'Other' })).toMatchObject({
      status: 'taken',
      sha256: workflow('taken', '1.0.0').sha256,
    });
    const shipped = openCatalog(gateway, [{ ...workflow('from-file', '1.0.0'), file: 'from-file.yaml' }]);
    const other = workflow('from-file', '1.0.0', { title: 'Other' });
    expect(await publishWorkflow(gateway, shipped, other, ada)).toMatchObject({
      status: 'taken',
      origin: { source: 'shipped' },
    });
    expect(await publishWorkflow(gateway, shipped, workflow('from-file', '1.0.0'), ada)).toMatchObject({
      status: 'unchanged',
    });
  });

  test('of ten that publish one version at once, one wins and the others are told', async () => {
    const titles = Array.from({ length: 10 }, (_, n) => `Title ${n}`);
    const outcomes = await Promise.all(titles.map((title) => publish('race', '1.0.0', { title })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['published', ...Array(9).fill('taken')]);
  });

  test('keeps the order in which the states were written', async () => {
    const state = (Next: string) => ({ Type: 'Pass', Next });
    const States = { Zeta: state('Alpha'), Alpha: state('Mid'), Mid: { Type: 'Succeed' } };
    await publish('ordered', '1.0.0', { definition: { StartAt: 'Zeta', States }, phases: [], steps: {} });
    const found = await openCatalog(hub, []).find('ordered');
    expect(JSON.stringify(found?.document.definition)).toContain(JSON.stringify(States));
  });

  test('keeps every text, a NUL and half a surrogate pair, too', async () => {
    await publish('odd-text', '1.0.0', { title: 'a\u0000b\ud800' });
    expect((await openCatalog(hub, []).find('odd-text'))?.document.title).toBe('a\u0000b\ud800');
  });
});

test('a row that an actor of an unknown kind published is as good as the others', async () => {
  const { sha256, document: published } = workflow('by-robot', '1.0.0');
  await owner.query(
    `insert into baton.workflow (name, version, sha256, document, published_by)
     values ('by-robot', '1.0.0', decode($1, 'hex'), $2, '{"type":"robot","id":"r2"}')`,
    [sha256, JSON.stringify(published)],
  );
  const found = await openCatalog(hub, []).find('by-robot');
  expect(found?.origin).toMatchObject({ source: 'published', publishedBy: null });
});

describe('a row of the table', () => {
  const change = [
    `update baton.workflow set published_by = '{}'`,
    `delete from baton.workflow`,
    'truncate baton.workflow',
    `insert into baton.workflow (name, version, sha256, document, published_by)
       select name, version, sha256, '{}', published_by from baton.workflow limit 1
       on conflict (name, version) do update set document = '{}'`,
  ];
  beforeAll(async () => {
    await publish('immutable', '1.0.0');
  });

  test.each(change)('cannot be changed by the owner of the database: %s', async (statement) => {
    await expect(owner.query(statement)).rejects.toThrow('a published workflow never changes');
  });

  describe.each(['hub', 'gateway', 'worker'] as const)('cannot be changed by the %s role', (role) => {
    test.each([...change, 'alter table baton.workflow disable trigger all', 'drop table baton.workflow'])(
      '%s',
      async (statement) => {
        const pool = createPool(database.url, { role, applicationName: 'catalog-test', max: 1 });
        try {
          await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
        } finally {
          await pool.end();
        }
      },
    );
  });

  test('is written by the gateway alone', async () => {
    await expect(publishWorkflow(hub, openCatalog(hub, []), workflow('by-hub', '1.0.0'), ada)).rejects.toThrow(
      'permission denied',
    );
  });

  test('is written by the hub where it was composed for a goal, under a name of that form alone', async () => {
    const composed = workflow('goal-0123456789abcdef', '1.0.0');
    const publish = () => publishComposed(hub, openCatalog(hub, []), composed, ada);
    expect(await publish()).toMatchObject({ status: 'published' });
    expect(await publish()).toMatchObject({ status: 'unchanged' });
    await expect(publishComposed(hub, openCatalog(hub, []), workflow('by-hub', '1.0.0'), ada)).rejects.toThrow(
      'what was composed for a goal',
    );
  });

  test('has a version that can be ordered and written in one way only', async () => {
    for (const version of ['1.0', '01.0.0', '1.0.9999999999', '1.0.0-beta', '1.0.0\n']) {
      const values = ['bad-version', version, Buffer.alloc(32), '{}', '{}'];
      const insert = `insert into baton.workflow (name, version, sha256, document, published_by) values ($1,$2,$3,$4,$5)`;
      await expect(owner.query(insert, values)).rejects.toThrow('workflow_version_check');
    }
  });
});

describe('a stored document that this program cannot use', () => {
  const put = (name: string, json: string, sha256 = '0'.repeat(64)) =>
    owner.query(
      `insert into baton.workflow (name, version, sha256, document, published_by)
       values ($1, '2.0.0', decode($2, 'hex'), $3, '{"type":"user","id":"ada"}')`,
      [name, sha256, json],
    );

  test('is refused by its name, and does not break the others', async () => {
    await publish('newer-program', '1.0.0');
    const future = { name: 'newer-program', version: '2.0.0', title: 'New', definition: {}, future: true };
    await put('newer-program', JSON.stringify(future), canonicalSha256(future));
    await put('altered', JSON.stringify(document));
    const catalog = openCatalog(hub, []);
    for (const ref of ['newer-program', 'newer-program@2.0.0']) {
      await expect(catalog.find(ref)).rejects.toMatchObject({
        code: 'workflow-unreadable',
        message: expect.stringMatching(/newer-program@2\.0\.0.*does not understand.*future/),
      });
    }
    await expect(catalog.find('altered')).rejects.toThrow('altered@2.0.0 cannot be used: its document is not the one');
    expect(await versionOf(catalog, 'newer-program@1.0.0')).toBe('1.0.0');
    const { workflows, unreadable } = await catalog.list();
    expect(workflows.map((entry) => entry.document.name)).toContain('newer-program');
    expect(unreadable.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'altered@2.0.0',
      'newer-program@2.0.0',
    ]);
  });
});
