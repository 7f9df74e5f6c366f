import { randomUUID } from 'node:crypto';
import { createPool } from '@baton/event-store';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, startTestGateway, type TestGateway } from '../testing/test-gateway.js';

const ROOM = 20;
/** One who asks alone. */
const ROOM_OF_ONE = 15;
const AT_ONCE = 8;

let gateway: TestGateway;
let otherToken: string;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'), { mostInHand: ROOM });
  const made = await gateway.post('/v1/auth/keys', { name: 'other', roles: ['admin'] });
  otherToken = made.body.key;
});
afterAll(() => gateway?.stop());

const submission = (size = 10) => ({ workflow: 'two-steps', input: { requirements: 'x'.repeat(size) } });
const submit = (headers: Record<string, string> = {}, body: object = submission()): Promise<Answer> =>
  gateway.post('/v1/runs', body, { 'idempotency-key': randomUUID(), ...headers });

async function inHand(): Promise<number> {
  const { body } = await gateway.get('/metrics');
  return Number(/^baton_submissions_in_hand (\d+)$/m.exec(String(body))?.[1]);
}
const nothingInHand = () => expect.poll(inHand, { timeout: 30_000 }).toBe(0);

/** Submissions that are worked at stand still meanwhile, however quick the machine is; who looks is not held up. */
async function heldUp<T>(work: () => Promise<T>): Promise<T> {
  const pool = createPool(gateway.databaseUrl, { role: 'owner', max: 1, applicationName: 'test-holds-up' });
  const client = await pool.connect();
  try {
    await client.query('begin; lock table baton.inbox in exclusive mode');
    return await work();
  } finally {
    await client.query('rollback');
    client.release();
    await pool.end();
  }
}

const kept = async (): Promise<number> => {
  const { rows } = await gateway.hub.query<{ n: number }>('select count(*)::int as n from baton.inbox');
  return rows[0]?.n ?? Number.NaN;
};

/** Counts what has come back so far. */
function watched(answers: readonly Promise<Answer>[]) {
  const seen: Answer[] = [];
  for (const answer of answers) void answer.then((each) => seen.push(each));
  return { seen, all: Promise.all(answers) };
}

describe('more submissions than there is room for', () => {
  test.each([
    ['small ones', 10],
    ['larger ones', 60_000],
  ])(
    '%s: who finds no room is told at once when to come again, looking goes on, and what was accepted is there',
    async (_, size) => {
      const before = await kept();
      const { all } = await heldUp(async () => {
        const { seen, all } = watched(Array.from({ length: 60 }, () => submit({}, submission(size))));
        await expect.poll(() => seen.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(60 - ROOM_OF_ONE);
        expect(seen.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
          seen.map(() => '429 too-much-in-hand'),
        );
        for (const { headers } of seen) expect(headers.get('retry-after')).toMatch(/^([1-9]|[12]\d|30)$/);
        for (const path of ['/livez', '/readyz', '/v1/runs', '/v1/workflows'])
          expect(await gateway.get(path)).toMatchObject({ status: 200 });
        return { all };
      });
      const answers = await all;
      const accepted = answers.filter(({ status }) => status === 202);
      // Those that were worked at; whoever stood in line may have waited too long.
      expect(accepted.length).toBeGreaterThanOrEqual(AT_ONCE);
      expect(accepted.length).toBeLessThanOrEqual(ROOM_OF_ONE);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 429]));
      expect((await kept()) - before).toBe(accepted.length);
      await nothingInHand();
      expect((await submit()).status).toBe(202);
    },
    60_000,
  );

  test('by one who asks leave room for another', async () => {
    await heldUp(async () => {
      const { seen } = watched(Array.from({ length: 60 }, () => submit()));
      await expect.poll(() => seen.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(60 - ROOM_OF_ONE);
      const { seen: ofOther } = watched([submit({ authorization: `Bearer ${otherToken}` })]);
      // It stands in line behind nobody of its own: it is told nothing before there is something to tell.
      expect((await gateway.get('/livez')).status).toBe(200);
      expect(ofOther.filter(({ body }) => body.code === 'too-much-in-hand' && seen.length < 60)).toEqual([]);
    });
    await nothingInHand();
  });
});

test.each([
  ['/v1/goals', { goal: 'Count' }],
  ['/v1/runs/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/fork', { at: 1 }],
  ['/v1/schedules/nightly/trigger', undefined],
])('POST %s is among them', async (path, body) => {
  await heldUp(async () => {
    const { seen } = watched(Array.from({ length: 60 }, () => submit()));
    await expect.poll(() => seen.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(60 - ROOM_OF_ONE);
    expect(await gateway.post(path, body)).toMatchObject({ status: 429, body: { code: 'too-much-in-hand' } });
  });
  await nothingInHand();
});

test('whoever is refused for another reason keeps no place', async () => {
  const refused = await Promise.all(
    Array.from({ length: 3 * ROOM }, (_, n) =>
      n % 3 === 0
        ? submit({ authorization: `Bearer wrong-${n}` })
        : submit({}, n % 3 === 1 ? { nonsense: true } : { workflow: 'none', input: {} }),
    ),
  );
  expect(refused.filter(({ status }) => status < 400)).toEqual([]);
  await nothingInHand();
});

test('a client that goes away while its submission is worked at, or waits, keeps no place', async () => {
  await heldUp(async () => {
    const { signal, abort } = withAbort();
    const gone = Array.from({ length: ROOM_OF_ONE }, () =>
      gateway
        .bare('/v1/runs', {
          method: 'POST',
          signal,
          headers: { authorization: `Bearer ${otherToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(submission()),
        })
        .catch(() => 'gone'),
    );
    await expect.poll(inHand, { timeout: 30_000 }).toBe(ROOM_OF_ONE);
    abort();
    expect(await Promise.all(gone)).toEqual(gone.map(() => 'gone'));
    await expect.poll(inHand, { timeout: 30_000 }).toBe(AT_ONCE);
  });
  await nothingInHand();
});

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
