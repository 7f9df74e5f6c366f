import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Sends all it has, as fast as it can, and then what came back: the first line of the answer. */
async function sendAll(head: string, bodyBytes: number): Promise<string> {
  const socket = await open();
  let answer = '';
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  socket.write(`${head}\r\nHost: localhost\r\nContent-Length: ${bodyBytes}\r\nConnection: close\r\n\r\n`);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const write = async (): Promise<void> => {
    for (let sent = 0; sent < bodyBytes; sent += chunk.length) {
      if (!socket.write(chunk.subarray(0, Math.min(chunk.length, bodyBytes - sent)))) await once(socket, 'drain');
    }
  };
  await Promise.race([Promise.all([write(), once(socket, 'close')]), failed]);
  return answer.split('\r\n')[0] ?? '';
}

describe('a client that is refused before its body was read gets its answer', () => {
  const auth = `Authorization: Bearer ${TOKEN}`;
  test.each([
    [
      'for a type that is not understood',
      `POST /v1/runs HTTP/1.1\r\n${auth}\r\nContent-Type: text/plain`,
      415,
      [1_000, 900_000],
    ],
    [
      'for want of a token',
      'POST /v1/runs HTTP/1.1\r\nContent-Type: application/json',
      401,
      [1_000, 2_000_000, 12_000_000],
    ],
    [
      'because it is no JSON',
      `POST /v1/runs HTTP/1.1\r\n${auth}\r\nContent-Type: application/json`,
      400,
      [1_000, 900_000],
    ],
    [
      'because it is too large',
      `POST /v1/runs HTTP/1.1\r\n${auth}\r\nContent-Type: application/json`,
      413,
      [2_000_000, 12_000_000],
    ],
    ['without a type', `POST /v1/runs HTTP/1.1\r\n${auth}`, 415, [1_000, 900_000]],
  ])('%s', async (_, head, status, sizes) => {
    for (const bytes of sizes) expect(await sendAll(head, bytes)).toContain(` ${status} `);
  });

  test('through fetch, ten times at once', async () => {
    const body = 'x'.repeat(900_000);
    const ask = () => gateway.post('/v1/runs', body, { 'content-type': 'text/plain' });
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 415));
  });
});

// Both at once: they only wait.
test.concurrent.each([
  ['the head', 'POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'the body',
    `POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
  ],
])(
  'whoever sends %s drop by drop is given up within half a minute',
  async (_, beginning) => {
    const socket = await open();
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    const closed = once(socket, 'close');
    socket.write(beginning);
    const startedAt = performance.now();
    const drops = setInterval(() => socket.write('a'), 500);
    await Promise.race([closed, sleep(35_000)]);
    clearInterval(drops);
    expect(socket.destroyed).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  },
  60_000,
);

test('wrong tokens are told to wait, and the right one passes all the same', async () => {
  const guess = (n: number) => gateway.bare('/v1/runs', { headers: { authorization: `Bearer wrong-${n}` } });
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => guess(n)));
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(30);
  expect(limited[0]?.headers.get('retry-after')).toMatch(/^[1-3]$/);
  expect(limited[0]?.body).toMatchObject({ code: 'too-many-wrong-tokens' });
  expect((await gateway.get('/v1/runs')).status).toBe(200);
});
