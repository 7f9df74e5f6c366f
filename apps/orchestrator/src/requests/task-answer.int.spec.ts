import { createCatalog } from '@baton/catalog';
import { cutTaskTokens, type JsonObject, readTaskToken, tokenMark } from '@baton/contracts';
import { createPool, readTaskTokens, taskByToken } from '@baton/event-store';
import type { WorkflowDocument } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Hub } from '../hub/hub.js';
import { HubFixture, sealerOf } from '../testing/hub-fixture.js';
import { type TakingPorts, takeRequest } from './take-request.js';

/* Tasks with tokens, through real queues: how they come to a worker, and how they are answered. */

const waiting = (kind: string, over: JsonObject = {}): WorkflowDocument => ({
  name: 'waiting',
  version: '1.0.0',
  title: 'Waiting',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: `baton:worker:${kind}.waitForTaskToken`,
        Arguments: { back: "{% 'https://there.example/?t=' & $states.context.Task.Token %}" },
        End: true,
        ...over,
      },
    },
  },
});

const runIdOf = (n: number): string => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`;

describe.each(['redis', 'postgres'] as const)('with queues on %s, a task with a token', (backend) => {
  let fixture: HubFixture;
  let hub: Hub;
  let ports: TakingPorts;
  beforeAll(async () => {
    fixture = await HubFixture.open(inject('postgresUrl'), backend === 'redis' ? inject('redisUrl') : null);
    hub = await fixture.startHub();
    ports = {
      pool: fixture.pool,
      catalog: createCatalog([]),
      sealer: sealerOf(fixture.pool),
      handle: (message) => hub.handle(message),
      suspects: { begin: async () => true, clear: async () => {} },
    };
    fixture.startTaking();
  });
  // Every run is decided again from its log.
  afterAll(() => fixture?.close({ isReplayed: true }));

  /** Begins a run, and gives its task as the worker has it. */
  async function begun(n: number, over: JsonObject = {}) {
    const runId = runIdOf(n);
    await hub.handle(fixture.start(runId, undefined, waiting(fixture.kind, over)));
    const task = await expect
      .poll(() => fixture.taken.find((each) => each.commandId === `${runId}-1`), { timeout: 20_000 })
      .toBeDefined()
      .then(() => fixture.taken.find((each) => each.commandId === `${runId}-1`));
    if (task?.taskToken === undefined) throw new Error('the task has no token');
    return { runId, task, token: task.taskToken };
  }
  const take = (message: JsonObject, accepted: JsonObject | null = null) =>
    takeRequest(
      {
        name: 'answer-task',
        message,
        accepted:
          accepted === null ? null : { requestId: String(message.requestId), name: 'answer-task', message: accepted },
        isSuspect: false,
      },
      ports,
    );
  const typesOf = async (runId: string) => (await fixture.events(runId)).map(({ type }) => type);

  test('has it in what it is given, and the database has it nowhere', async () => {
    const { runId, task, token } = await begun(1);
    expect(task.arguments).toEqual({ back: `https://there.example/?t=${token}` });
    expect(readTaskToken(token)?.commandId).toBe(`${runId}-1`);
    const events = JSON.stringify(await fixture.events(runId));
    expect(events).toContain(tokenMark(`${runId}-1`));
    expect(cutTaskTokens(events)).toBe(events);
    const owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'token-test', max: 1 });
    try {
      const { rows } = await owner.query('select message::text as message from baton.command');
      const texts = JSON.stringify(rows);
      expect(cutTaskTokens(texts)).toBe(texts);
    } finally {
      await owner.end();
    }
  });

  test('is the same for whoever makes it, and is proven by the database', async () => {
    const { runId, token } = await begun(2);
    expect((await readTaskTokens(fixture.pool))(`${runId}-1`)).toBe(token);
    const read = readTaskToken(token);
    if (read === null) throw new Error('it is no token');
    const look = (over: object) => taskByToken(fixture.pool, { ...read, ...over }, { beats: false });
    expect(await look({})).toBe('open');
    expect(await look({ proof: `${read.proof.slice(1)}A` })).toBe('wrong');
    // The proof of one command proves no other.
    expect(await look({ commandId: `${runId}-2` })).toBe('wrong');
    expect(await look({ runId: runIdOf(99) })).toBe('unknown');
  });

  test('goes on when its worker is done, is sent to no other, and ends by its token', async () => {
    const { runId, task, token } = await begun(3);
    expect(await hub.handle(fixture.answer(task.commandId))).toBe('committed');
    const { rows } = await fixture.pool.query('select queue, name from baton.command where command_id = $1', [
      task.commandId,
    ]);
    expect(rows).toEqual([{ queue: null, name: 'token' }]);
    const answer = { requestId: `done-${backend}`, answer: 'success', token, output: { price: 3 } };
    expect(await take(answer)).toBe('committed');
    expect(await typesOf(runId)).toEqual(expect.arrayContaining(['TaskSubmitted', 'TaskSucceeded', 'RunSucceeded']));
    // The same request once more, as a queue may bring it.
    expect(await take(answer)).toBe('ignored');
    await expect(take({ ...answer, requestId: `again-${backend}` })).rejects.toMatchObject({ code: 'task-timed-out' });
    expect((await typesOf(runId)).filter((type) => type === 'TaskSucceeded')).toHaveLength(1);
  });

  test('of two answers at the same moment one counts', async () => {
    const { runId, token } = await begun(4);
    const answers = Array.from({ length: 8 }, (_, n) =>
      take({
        requestId: `race-${backend}-${n}`,
        answer: n % 2 === 0 ? 'success' : 'failure',
        token,
        error: 'E',
        output: n,
      }),
    );
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await typesOf(runId)).filter((type) => /^Task(Succeeded|Failed)$/.test(type))).toHaveLength(1);
  });

  test('that was tried again is not answered by the token of before', async () => {
    const { runId, token } = await begun(5, {
      Retry: [{ ErrorEquals: ['OutOfStock'], IntervalSeconds: 1, MaxAttempts: 1 }],
    });
    const failed = {
      requestId: `stale-${backend}`,
      answer: 'failure',
      token,
      error: 'OutOfStock',
      cause: `no ${token}`,
    };
    expect(await take(failed)).toBe('committed');
    expect(JSON.stringify(await fixture.events(runId))).toContain('no [task token]');
    await expect(take({ requestId: `late-${backend}`, answer: 'success', token })).rejects.toMatchObject({
      code: 'task-timed-out',
    });
    const next = (await readTaskTokens(fixture.pool))(`${runId}-2`);
    expect(await take({ requestId: `next-${backend}`, answer: 'success', token: next, output: 1 })).toBe('committed');
    expect((await typesOf(runId)).at(-1)).toBe('RunSucceeded');
  });

  test('gives signs of life by its token', async () => {
    const { token, task } = await begun(6, { HeartbeatSeconds: 60 });
    const due = async () =>
      (
        await fixture.pool.query('select heartbeat_deadline as at from baton.command where command_id = $1', [
          task.commandId,
        ])
      ).rows[0].at;
    const before = await due();
    expect(await take({ requestId: `beat-${backend}`, answer: 'heartbeat', token })).toBe('committed');
    expect((await due()) > before).toBe(true);
    await hub.handle({
      ...fixture.answer(task.commandId),
      order: { type: 'CancelRun', requestId: `c-${backend}`, reason: '' },
    });
    await expect(take({ requestId: `beat2-${backend}`, answer: 'heartbeat', token })).rejects.toMatchObject({
      code: 'task-timed-out',
    });
  });

  test.each<[string, (token: string, runId: string) => JsonObject]>([
    ['no token', () => ({ token: 'secret' })],
    ['one that was changed', (token) => ({ token: `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}` })],
    ['one without its proof', (token) => ({ token: `${token.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}` })],
    ['only the command, past the gateway', (_, runId) => ({ commandId: `${runId}-1` })],
  ])('is not answered by %s', async (what, shown) => {
    const n = 10 + what.length;
    const { runId, token } = await begun(n);
    const answer = { requestId: `wrong-${backend}-${n}`, answer: 'success', ...shown(token, runId) };
    await expect(take(answer)).rejects.toMatchObject({
      code: expect.stringMatching(/^(invalid-token|invalid-request)$/),
    });
    expect(await typesOf(runId)).not.toContain('TaskSucceeded');
  });

  test('is answered by what the gateway took, which names the command alone', async () => {
    const { runId } = await begun(7);
    const message = {
      requestId: `taken-${backend}`,
      answer: 'success',
      runId,
      commandId: `${runId}-1`,
      output: 1,
      actor: { type: 'apikey', id: 'shop' },
    };
    expect(await take(message, message)).toBe('committed');
    expect((await fixture.events(runId)).find(({ type }) => type === 'TaskSucceeded')?.actor).toEqual(message.actor);
  });
});
