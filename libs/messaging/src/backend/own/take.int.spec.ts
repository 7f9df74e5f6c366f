import { INTAKE_QUEUE } from '@baton/contracts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../config.js';
import { backends, type TestServer } from '../../testing/test-servers.js';
import { Bells } from './postgres-bells.js';
import { postgresStore } from './postgres-store.js';
import { PASSING } from './postgres-tables.js';
import { finishAndTake, takeStatement } from './postgres-take.js';

const HOLDER = '00000000-0000-4000-8000-000000000001';
/** Nobody listens. */
const NO_BELLS = new Bells(() => new pg.Client({}), silentLog);
const MESSAGE = { jobId: 'j-1', name: 'submit', data: '{}', priority: 0, delayMs: 0 };
const take = { holder: HOLDER, done: [], want: 10, leaseMs: 1_000 };

const Plans = z.tuple([z.object({ Plan: z.looseObject({ 'Shared Hit Blocks': z.number() }) })]);

describe('a take from Postgres', () => {
  let server: TestServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    const [postgres] = backends;
    if (postgres === undefined) throw new Error('no postgres');
    server = await postgres.open();
    pool = new pg.Pool({ connectionString: server.config.url, max: 1 });
  });
  afterAll(async () => {
    await pool?.end();
    await server?.drop();
  });

  /** Many of a queue, of which none is due; `columns` and `values` say more of each. */
  const fill = (queue: string, many: number, columns: string, values: string) =>
    pool.query(
      `insert into ${PASSING} (queue, job_id, name, data, ${columns})
       select $1, 'j-' || n, 'task', '{}', ${values} from generate_series(1, $2) as n`,
      [queue, many],
    );

  test.each([
    {
      what: 'are delayed',
      columns: 'priority, due_at',
      values: `n % 3, now() + interval '1 hour' + n * interval '1 ms'`,
    },
    { what: 'are in work', columns: 'priority, due_at, holder', values: `0, now() + interval '1 hour', '${HOLDER}'` },
  ])(
    'reads a handful of pages where 100,000 messages that are more urgent $what',
    async ({ what, columns, values }) => {
      const queue = `worker-${what.replaceAll(' ', '-')}`;
      await fill(queue, 100_000, columns, values);
      await fill(queue.concat('-too'), 1_000, 'priority', '0');
      await pool.query(`analyze ${PASSING}`);
      for (const urgency of ['none', 'least']) {
        if (urgency === 'least')
          await pool.query(
            `insert into ${PASSING} (queue, job_id, name, data, priority) values ($1, 'last', 'task', '{}', 3)`,
            [queue],
          );
        const { name: _, text, values: given = [] } = takeStatement(queue, take);
        const { rows } = await pool.query(`explain (analyze, buffers, format json) ${String(text)}`, given);
        const [{ Plan }] = Plans.parse(rows[0]['QUERY PLAN']);
        // Four looks into an index of three levels; the row that is taken is written to the table and its three indexes.
        expect([urgency, Plan['Shared Hit Blocks']]).toEqual([urgency, expect.toSatisfy((blocks) => blocks < 60)]);
      }
      expect(
        (await pool.query(`select holder from ${PASSING} where queue = $1 and priority = 3`, [queue])).rows,
      ).toEqual([{ holder: HOLDER }]);
    },
  );

  test('is planned for a table that is full also where it was empty then', async () => {
    await pool.query(`truncate ${PASSING}`);
    const { text, values: given = [] } = takeStatement('worker-planned', take);
    await pool.query(`prepare a_take(text, text[], uuid, integer, float8, integer) as ${String(text)}`);
    await pool.query('set plan_cache_mode to force_generic_plan');
    const values = given.map((value) => (Array.isArray(value) ? `'{}'` : pg.escapeLiteral(String(value))));
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain execute a_take(${values.join(', ')})`);
    await pool.query('reset plan_cache_mode; deallocate a_take');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index');
    expect(plan).not.toContain('Seq Scan');
  });

  test.each(['nothing', 'something'])('waits for no disk where there is %s, and only it does not', async (what) => {
    const rowsOf = async (sql: string) => (await pool.query<{ synchronous_commit: string }>(sql)).rows;
    if (what === 'something') await postgresStore(pool, NO_BELLS).put(INTAKE_QUEUE, [MESSAGE]);
    await pool.query('set synchronous_commit to on');
    await pool.query('begin');
    const taken = await finishAndTake(pool, INTAKE_QUEUE, take);
    const within = await rowsOf('show synchronous_commit');
    await pool.query('commit');
    expect([taken.length, within]).toEqual([what === 'something' ? 1 : 0, [{ synchronous_commit: 'off' }]]);
    expect(await rowsOf('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('brings the most urgent first, of these the oldest, and no more than are wanted', async () => {
    const queue = 'worker-order';
    await fill(queue, 12, 'priority, due_at', `3 - n % 4, now() - n * interval '1 s'`);
    const took = async (want: number) =>
      (await finishAndTake(pool, queue, { ...take, want })).map(({ jobId }) => jobId).toSorted();
    expect(await took(2)).toEqual(['j-11', 'j-7']);
    expect(await took(3)).toEqual(['j-10', 'j-3', 'j-6']);
    expect(await took(0)).toEqual([]);
    expect(await took(100)).toHaveLength(7);
  });

  test('is not broken by a row that nobody would write', async () => {
    const queue = 'worker-strange';
    const most = 2 ** 31 - 1;
    await fill(
      queue,
      3,
      'due_at, holder, deliveries, failures, stalls',
      `'-infinity', '${HOLDER}', ${most}, ${most}, ${most}`,
    );
    await fill(`${queue}-old`, 1, 'due_at, deliveries', `'4713-01-01 BC', ${-most}`);
    const rows = [...(await finishAndTake(pool, queue, take)), ...(await finishAndTake(pool, `${queue}-old`, take))];
    expect(rows.map(({ jobId }) => jobId)).toEqual(['j-1', 'j-2', 'j-3', 'j-1']);
    for (const { waitedMs } of rows) expect(waitedMs).toBeLessThan(366 * 24 * 3_600_000);
    const again = pool.query(`update ${PASSING} set due_at = '-infinity' where queue = $1`, [queue]);
    expect((await again).rowCount).toBe(3);
    expect(await finishAndTake(pool, queue, take)).toHaveLength(3);
  });

  test('finds no message of an urgency that no take looks at, since none can be put in', async () => {
    await expect(fill('worker-urgent', 1, 'priority', '-1')).rejects.toMatchObject({ code: '23514' });
  });
});
