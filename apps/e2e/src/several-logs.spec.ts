import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  childRunIdOf,
  commandIdOf,
  EventList,
  RunAccepted,
  runIdOfRequest,
  shardOf,
  Verification,
} from '@baton/contracts';
import { freePort, programOf } from '@baton/service-kit';
import { CLI, ended, publish, ROOT, Stack, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SideProcess } from './testing/side-process.js';

/* Two logs, each a whole Baton, behind the router: what a client of them does, while a hub of one is killed. */

const TOKEN = 'a-token-that-both-have';
const RUNS = 12;

const definition = (state: object) => ({ QueryLanguage: 'JSONata', StartAt: 'S', States: { S: state } });
const CHILD = {
  name: 'waits',
  version: '1.0.0',
  title: 'Waits for a signal',
  definition: definition({ Type: 'Task', Resource: 'baton:signal:go', End: true }),
};
const PARENT = {
  name: 'asks',
  version: '1.0.0',
  title: 'Asks for a run',
  definition: definition({ Type: 'Task', Resource: 'baton:workflow:waits', End: true }),
};

let shards: readonly Stack[];
let router: SideProcess;
let url: string;
beforeAll(async () => {
  const env = { BATON_LOG_SHARDS: '2', BATON_TOKEN: TOKEN };
  const start = (number: number): Promise<Stack> =>
    Stack.start({ args: ['--only', 'gateway,orchestrator'], env: { ...env, BATON_LOG_SHARD: String(number) } });
  shards = await Promise.all([start(0), start(1)]);
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  const urls = shards.map((stack) => `http://127.0.0.1:${stack.env.BATON_PORT}`).join(',');
  router = await SideProcess.start(
    [programOf(ROOT, 'gateway'), 'route'],
    { ...shards[0]?.env, BATON_PORT: port, BATON_SHARD_URLS: urls },
    { isReady: '"ready"' },
  );
});
afterAll(async () => {
  await router?.stop();
  await Promise.all((shards ?? []).map((stack) => stack.stop()));
});

async function ask(path: string, body?: object, key?: string): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Every event of both logs, by the pages of the router. */
async function told(): Promise<EventList['events']> {
  const events: EventList['events'] = [];
  for (let cursor = ''; ; ) {
    const page = EventList.parse(await ask(`/v1/events?limit=50${cursor}`));
    events.push(...page.events);
    if (page.next === null) return events;
    cursor = `&cursor=${page.next}`;
  }
}

const baton = promisify(execFile);

test('runs and their children live and end in the log of their id, in order, also where its hub is killed', async () => {
  const [first, second] = shards;
  if (first === undefined || second === undefined) throw new Error('two stacks were started');
  await Promise.all(shards.flatMap((stack) => [CHILD, PARENT].map((document) => publish(stack, document))));

  const keys = Array.from({ length: RUNS }, (_, n) => `order ${n}`);
  const runs = await Promise.all(
    keys.map(async (key) => RunAccepted.parse(await ask('/v1/runs', { workflow: 'asks', input: {} }, key)).runId),
  );
  expect(runs).toEqual(keys.map((key) => runIdOfRequest(key, 2)));
  const children = runs.map((runId) => childRunIdOf(commandIdOf(runId, 1)));
  await second.kill('orchestrator');
  // Some of them before the hub is there again, some after: the request waits for it.
  await Promise.all(
    children.map(async (child) => {
      await until(
        () =>
          ask(`/v1/runs/${child}`).then(
            () => true,
            () => false,
          ),
        `the child ${child} to begin`,
        60_000,
      );
      await ask(`/v1/runs/${child}/signals`, { name: 'go' }, `go ${child}`);
    }),
  );
  const where = (runId: string): Stack => (shardOf(runId, 2) === 0 ? first : second);
  for (const runId of [...runs, ...children]) expect((await ended(where(runId), runId)).status).toBe('succeeded');
  for (const stack of shards)
    expect([...runs, ...children].filter((runId) => where(runId) === stack).length).toBeGreaterThan(1);

  const events = await told();
  const byRun = Map.groupBy(events, ({ runId }) => runId);
  expect([...byRun.keys()].toSorted()).toEqual([...runs, ...children].toSorted());
  for (const of of byRun.values()) expect(of.map(({ version }) => version)).toEqual(of.map((_, n) => n + 1));
  const byShard = Map.groupBy(events, ({ runId }) => shardOf(runId, 2));
  for (const of of byShard.values()) expect(of.map(({ position }) => position)).toEqual(of.map((_, n) => n + 1));

  const verification = Verification.parse(await ask('/v1/audit/verify'));
  expect(verification).toMatchObject({ verified: true, events: events.length, runs: RUNS * 2 });
  const { stdout } = await baton(process.execPath, [CLI, 'audit', 'verify'], {
    env: { ...first.env, BATON_URL: url, BATON_TOKEN: TOKEN },
  });
  expect(stdout).toContain('verified');
});

test('an orchestrator that is told of another shard than its database says does not start', async () => {
  const [first] = shards;
  const env = { ...first?.env, ...(await first?.serviceEnv('orchestrator')), BATON_LOG_SHARD: '1' };
  const start = baton(process.execPath, [programOf(ROOT, 'orchestrator')], { env });
  await expect(start).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringContaining('The log is shard 0 of 2, and not shard 1 of 2, as it should be.'),
  });
});
