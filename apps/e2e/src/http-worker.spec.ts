import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunResult, WorkerList } from '@baton/contracts';
import { ended, eventsOf, publish, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { baton, envOf } from './testing/commands.js';

const SECRET = 'sk-of-the-shop-4711-0815';

/** What came to the service that is asked: the first request is answered only once its worker is gone. */
const came: { readonly key: string; readonly authorization: string; readonly body: string }[] = [];
const service = createServer((request, response) => void take(request, response));

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { authorization = '', 'idempotency-key': key } = request.headers;
  came.push({ key: String(key), authorization, body: Buffer.concat(chunks).toString() });
  // Until its worker has died. What is said to it then is heard by nobody.
  if (came.length === 1) return;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ order: 7, youSaid: authorization }));
}

let folder: string;
let stack: Stack;
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'baton-http-'));
  const secrets = join(folder, 'secrets.json');
  await writeFile(secrets, JSON.stringify({ shop: { env: 'BATON_SHOP_KEY', hosts: [host()] } }));
  stack = await Stack.start({
    args: ['--only', 'gateway,orchestrator,http'],
    env: {
      BATON_HTTP_HOSTS: host(),
      BATON_HTTP_SECRETS: secrets,
      BATON_HTTP_ALLOW_PRIVATE: 'true',
      BATON_SHOP_KEY: SECRET,
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  service.closeAllConnections();
  service.close();
  await rm(folder, { recursive: true, force: true });
});

const host = (): string => `127.0.0.1:${z.object({ port: z.number() }).parse(service.address()).port}`;

const orders = () => ({
  name: 'orders',
  version: '1.0.0',
  title: 'Orders of a shop',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Order',
    States: {
      Order: {
        Type: 'Task',
        Resource: 'baton:http',
        Arguments: {
          ApiEndpoint: `http://${host()}/orders`,
          Method: 'POST',
          RequestBody: { item: '{% $states.input.item %}' },
          Authentication: { secret: 'shop', before: 'Bearer ' },
        },
        End: true,
      },
    },
  },
});

test('a request whose worker is killed is sent again by the one that takes its place, under the same key, and its secret stays where it is', async () => {
  await publish(stack, orders());
  const runId = await submit(stack, { workflow: 'orders', input: { item: 'pen' } });
  await until(async () => came.length > 0, 'the first request');
  const before = await stack.pidOf('http');
  await stack.kill('http');
  const { status, cause } = await ended(stack, runId, 180_000);
  expect([status, cause ?? null]).toEqual(['succeeded', null]);
  expect(await stack.pidOf('http')).not.toBe(before);
  const { output } = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  expect(output).toMatchObject({ StatusCode: 200, ResponseBody: { order: 7 } });
  expect(came.length).toBeGreaterThan(1);
  expect(came).toEqual(came.map(() => ({ ...came[0], authorization: `Bearer ${SECRET}`, body: '{"item":"pen"}' })));
  // The host said it back.
  const told = JSON.stringify([await eventsOf(stack, runId), output, stack.output]);
  expect(told).not.toContain(SECRET);
});

test('it is listed among the workers, and looked for by the doctor', async () => {
  const { workers } = WorkerList.parse(await stack.api('/v1/workers'));
  expect(workers.map(({ kind }) => kind)).toContain('http');
  const { stdout } = await baton(['doctor', '-o', 'json'], { env: await envOf(stack) });
  const findings = z
    .array(z.object({ check: z.string(), status: z.string(), found: z.string() }))
    .parse(JSON.parse(stdout));
  expect(findings.find(({ check }) => check === 'services')).toMatchObject({
    status: 'ok',
    found: 'at work: orchestrator, http, gateway',
  });
});
