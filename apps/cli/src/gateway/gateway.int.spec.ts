import { followEvents, persistently } from '@baton/client';
import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../exit-codes.js';
import { entered, events, exited, RUN_ID, startedData } from '../testing/events.js';
import { type Answer, type HttpServer, json, problem, serve } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';
import { openGateway } from './gateway.js';

const servers: HttpServer[] = [];
async function start(answer: Answer, port = 0): Promise<HttpServer> {
  const server = await serve(answer, port);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

const gatewayAt = ({ url }: HttpServer) => openGateway({ url, token: 'secret-token' });
const thrownBy = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

describe('a request', () => {
  test('carries the token, and its answer is checked', async () => {
    const server = await start((_, response) => json(response, 200, runView()));
    const run = await gatewayAt(server).get('/v1/runs/{id}', { params: { path: { id: RUN_ID } } });
    expect(run.runId).toBe(RUN_ID);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  test.each([
    [400, 'invalid-parameter', 2],
    [401, 'unauthorized', 4],
    [403, 'forbidden', 4],
    [404, 'run-not-found', 3],
    [409, 'run-not-finished', 1],
    [409, 'run-id-ambiguous', 2],
    [413, 'body-too-large', 2],
    [422, 'invalid-input', 2],
    [422, 'unknown-workflow', 3],
    [503, 'database-unreachable', 1],
  ])('refused with %i %s is an error with what to do, and exit code %i', async (status, code, exitCode) => {
    const errors = [{ pointer: '/input/requirements', detail: 'is required' }];
    const server = await start((_, response) => problem(response, status, code, 'It is refused.', { errors }));
    const error = await thrownBy(gatewayAt(server).get('/v1/workers'));
    expect(error).toMatchObject({
      message: 'It is refused.',
      code,
      status,
      errors,
      next: expect.stringMatching(/\.$/),
    });
    expect(exitCodeOf(error)).toBe(exitCode);
  });

  test('with a refused token names the variable', async () => {
    const server = await start((_, response) => problem(response, 401, 'unauthorized', 'No.'));
    const error = await thrownBy(gatewayAt(server).get('/v1/workers'));
    expect(error).toMatchObject({ next: expect.stringContaining('BATON_TOKEN') });
  });

  test('answered by some other program says so, and shows nothing of the page', async () => {
    const server = await start((_, response) => void response.end('<html>router</html>'));
    expect(await thrownBy(gatewayAt(server).get('/v1/workers'))).toMatchObject({
      code: 'gateway-answer-unknown',
    });
    const other = await start((_, response) => void response.writeHead(502).end('<html>nginx</html>'));
    expect(await thrownBy(gatewayAt(other).get('/v1/workers'))).toMatchObject({ code: 'http-502' });
  });

  test('to nobody says how to start somebody', async () => {
    const server = await start(() => {});
    await server.kill();
    const error = await thrownBy(gatewayAt(server).get('/v1/workers'));
    expect(error).toMatchObject({ code: 'gateway-unreachable', next: expect.stringContaining('npm start') });
    expect(error.message).toContain(server.url);
  });

  test('that is not answered in time ends', async () => {
    const server = await start(() => {});
    const error = await thrownBy(gatewayAt(server).get('/v1/workers', { timeoutMs: 50 }));
    expect(error).toMatchObject({ code: 'gateway-timeout' });
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const list = events(['RunStarted', startedData], entered(1, 'Plan'), exited(1), ['RunSucceeded', { output: {} }]);
const sse = (which: typeof list): string =>
  which.map((event) => `id: ${event.version}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const options = { runId: RUN_ID, after: 0, signal: new AbortController().signal, patienceMs: 5_000 };

describe('following a run', () => {
  test('gives each event once and ends with the run', async () => {
    const server = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`retry: 2000\n\n: still here\n\n${sse(list)}`);
    });
    const seen = await all(followEvents(gatewayAt(server), options));
    expect(seen.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  test('goes on behind the last event when the gateway is killed and comes back', async () => {
    const first = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(list.slice(0, 2)));
    });
    let lost = 0;
    const seen: number[] = [];
    let second: HttpServer | null = null;
    const onLost = (): void => {
      lost += 1;
    };
    for await (const event of followEvents(gatewayAt(first), { ...options, onLost })) {
      seen.push(event.version);
      if (event.version !== 2 || second !== null) continue;
      await first.kill();
      second = await start((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        // A server that ignores Last-Event-ID must not make anything appear twice.
        response.end(`${sse(list)}event: end\ndata: {"status":"succeeded"}\n\n`);
      }, first.port);
    }
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(lost).toBe(1);
    expect(second?.requests.at(-1)?.headers['last-event-id']).toBe('2');
  });

  test('survives a database that is away for a moment', async () => {
    let asked = 0;
    const server = await start((_, response) => {
      asked += 1;
      if (asked === 1) return problem(response, 503, 'database-unreachable', 'Away.');
      return void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sse(list));
    });
    expect(await all(followEvents(gatewayAt(server), options))).toHaveLength(4);
  });

  test('ends at the end event alone, when every event is known', async () => {
    const server = await start((_, response) => void response.end('event: end\ndata: {"status":"succeeded"}\n\n'));
    expect(await all(followEvents(gatewayAt(server), { ...options, after: 4 }))).toEqual([]);
  });

  test('gives up after its patience, and at once on a refusal', async () => {
    const gone = await start(() => {});
    await gone.kill();
    const lost = all(followEvents(gatewayAt(gone), { ...options, patienceMs: 300 }));
    expect(await thrownBy(lost)).toMatchObject({ code: 'gateway-unreachable' });
    const refusing = await start((_, response) => problem(response, 404, 'run-not-found', 'No run.'));
    const refused = all(followEvents(gatewayAt(refusing), options));
    expect(await thrownBy(refused)).toMatchObject({ code: 'run-not-found' });
    expect(refusing.requests).toHaveLength(1);
  });

  test('stops quietly when it is told to', async () => {
    const server = await start((_, response) => void response.writeHead(200).write(sse(list.slice(0, 1))));
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const event of followEvents(gatewayAt(server), { ...options, signal: stop.signal })) {
      seen.push(event.version);
      stop.abort();
    }
    expect(seen).toEqual([1]);
  });
});

test('a request that may be repeated is repeated until there is an answer', async () => {
  let asked = 0;
  const server = await start((_, response) => {
    asked += 1;
    if (asked === 1) response.destroy();
    else if (asked === 2) problem(response, 503, 'x', 'Away.');
    else json(response, 200, { status: 'alive' });
  });
  const gateway = gatewayAt(server);
  expect(await persistently(options, () => gateway.get('/livez'))).toEqual({ status: 'alive' });
});
