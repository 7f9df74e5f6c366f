import { INTAKE_QUEUE, producerLogin } from '@baton/contracts';
import { createProducer, listProducers, provideProducerGroup, readAccessLog, revokeProducer } from '@baton/event-store';
import { prepareQueues } from '@baton/messaging';
import { createPostgresBackend, Queue } from 'bullmq';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  createDatabaseWithLogins,
  type DatabaseWithLogins,
  FORBIDDEN,
  outcomeOf,
} from '../testing/database-with-logins.js';

const PASSWORD = 'a-password-of-a-producer';
/** Roles belong to the server: the name is this file's alone. */
const NAME = 'shop-of-this-file';

let database: DatabaseWithLogins;
let url: string;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
  await provideProducerGroup(database.owner);
  await prepareQueues({ backend: 'postgres', url: database.url });
  await createProducer(
    database.owner,
    { name: NAME, redisSha256: null, publicKey: null, password: PASSWORD },
    'tester',
  );
  const theirs = new URL(database.url);
  theirs.username = producerLogin(NAME);
  theirs.password = PASSWORD;
  url = theirs.href;
  await database.owner.query(
    `insert into bullmq.job (queue, id, seq, name, state, data, added_at_ms)
     values ('intake', 'of-another', 900, 'submit', 'waiting', '{"secret":1}', 0),
            ('worker-planner', 'task', 901, 'task', 'waiting', '{}', 0), ('results-0', 'result', 902, 'succeeded', 'waiting', '{}', 0)`,
  );
});
afterAll(async () => {
  await revokeProducer(database.owner, NAME, 'tester');
  await database?.drop();
});

const as = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};
const queueOf = (name: string) => {
  const queue = new Queue(name, { connection: { connectionString: url } }, createPostgresBackend);
  queue.on('error', () => {});
  return queue;
};

describe('a producer on Postgres', () => {
  test('adds to intake with BullMQ, with and without an id of its own, and the same id once', async () => {
    const queue = queueOf(INTAKE_QUEUE);
    try {
      await queue.add('submit', { n: 1 }, { jobId: 'shop-1' });
      await queue.add('submit', { n: 2 }, { jobId: 'shop-1' });
      await queue.add('submit', { n: 3 });
    } finally {
      await queue.close();
    }
    const { rows } = await database.owner.query('select data from bullmq.job where baton_added_by = $1 order by seq', [
      producerLogin(NAME),
    ]);
    expect(rows.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  test.each(['worker-planner', 'results-0', 'worker-of-a-user'])('adds nothing to %s', async (name) => {
    const queue = queueOf(name);
    await expect(queue.add('task', {}, { jobId: 'x' })).rejects.toMatchObject({ code: FORBIDDEN });
    await queue.close();
  });

  test('reads no job but those it added, of whatever queue', async () => {
    const rows = await as(async (client) => (await client.query('select queue, id from bullmq.job')).rows);
    expect(rows.every(({ queue }) => queue === INTAKE_QUEUE)).toBe(true);
    expect(rows.map(({ id }) => id)).not.toContain('of-another');
  });

  test.each([
    `update bullmq.job set data = '{}'`,
    'delete from bullmq.job',
    'delete from bullmq.event',
    `insert into bullmq.meta values ('intake', 'paused', '1')`,
    `update bullmq.meta set value = '1'`,
    `insert into bullmq.job (queue, id, seq, name, state, added_at_ms, baton_added_by) values ('intake', 'y', 1, 'x', 'waiting', 0, 'baton_login_gateway')`,
    `insert into bullmq.job (queue, id, seq, name, state, added_at_ms) values ('worker-planner', 'y', 1, 'x', 'waiting', 0)`,
    `select * from bullmq.move_to_active('intake', 't', 1000, 0, 'w', null, null)`,
    `select bullmq.obliterate('intake', true, 1000)`,
    `select bullmq.drain('intake', true)`,
    `select bullmq.pause('intake')`,
    'select * from bullmq.baton_lasting',
    'select * from bullmq.baton_passing',
    `insert into bullmq.baton_lasting (queue, job_id, name, data) values ('intake', 'x', 'submit', '{}')`,
    'select * from bullmq.baton_epoch',
    'select * from baton.event',
    'select * from baton.inbox',
    'select * from baton.api_key',
    'select * from baton.producer',
    'select * from baton.llm_journal',
    `insert into baton.inbox (request_id, name, message) values ('x', 'submit', '{}')`,
    `select baton.note_access('asked', null, null, null, null, null, 1, null)`,
    `select baton.put_blob('x')`,
    'set role baton_hub',
    'set role baton_gateway',
    'create role eve',
    'create table bullmq.mine (n int)',
    'create schema mine',
    'truncate bullmq.job',
    `select nextval('bullmq.' || bullmq.job_id_seq_name('results-0'))`,
    `select pg_read_file('/etc/passwd')`,
  ])('can do nothing else: %s', async (statement) => {
    expect(await as((client) => outcomeOf(client, statement))).toMatch(/^(42501|42883|42P01)$/);
  });

  test('is on a list, on record, and gone with its connections once it is revoked', async () => {
    expect((await listProducers(database.owner)).map(({ name }) => name)).toContain(NAME);
    await as(async (client) => {
      const ended = new Promise((resolve) => client.once('end', resolve));
      expect(await revokeProducer(database.owner, NAME, 'tester')).toBe(true);
      await ended;
    });
    await expect(as((client) => client.query('select 1'))).rejects.toThrow();
    expect(await revokeProducer(database.owner, NAME, 'tester')).toBe(false);
    expect(await readAccessLog(database.owner, {}, 2)).toMatchObject([
      { kind: 'producer-revoked', about: NAME, actor: { type: 'system', id: 'database:tester' } },
      { kind: 'producer-created', about: NAME },
    ]);
  });
});
