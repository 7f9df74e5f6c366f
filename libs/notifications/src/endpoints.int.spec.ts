import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { post } from './http/post.js';
import { idOf, reply } from './testing/receiver.js';
import { SECRET, until, WebhookBench } from './testing/webhook-bench.js';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await WebhookBench.open(inject('postgresUrl'));
});
afterEach(() => bench.close());

describe('an endpoint', () => {
  test('that fails is asked again after five seconds, then five minutes, and each attempt is recorded', async () => {
    let status = 500;
    const { receiver, webhook } = await bench.endpoint((response) => response.writeHead(status).end());
    bench.startSender();
    await bench.finishRuns(1);
    const failedTimes = (count: number) =>
      until(`attempt ${count}`, async () => (await bench.deliveries(webhook))[0]?.attempts.length === count);
    await failedTimes(1);
    const waitMs = async (): Promise<number> => {
      const [delivery] = await bench.deliveries(webhook);
      return Date.parse(delivery?.nextAttemptAt ?? '') - Date.parse(delivery?.attempts.at(-1)?.at ?? '');
    };
    expect(Math.abs((await waitMs()) - 5_000)).toBeLessThan(500);
    await bench.makeDue();
    await failedTimes(2);
    expect(Math.abs((await waitMs()) - 300_000)).toBeLessThan(500);
    status = 200;
    await bench.makeDue();
    expect(await bench.settled(webhook)).toMatchObject([
      {
        status: 'delivered',
        attempts: [
          { number: 1, status: 500, error: 'answered 500' },
          { number: 2, status: 500, error: 'answered 500' },
          { number: 3, status: 200, error: null },
        ],
      },
    ]);
    expect(new Set(receiver.received.map(idOf)).size).toBe(1);
    expect(receiver.verified(SECRET)).toHaveLength(3);
  });

  test('that fails ten times is given up', async () => {
    const { receiver, webhook } = await bench.endpoint(reply(503));
    bench.startSender();
    await bench.finishRuns(1);
    await until('the last attempt', async () => {
      await bench.makeDue();
      return (await bench.deliveries(webhook))[0]?.status === 'failed';
    });
    expect(receiver.received).toHaveLength(10);
    expect((await bench.deliveries(webhook))[0]).toMatchObject({ nextAttemptAt: null, attempts: { length: 10 } });
  });

  test('that is gone (410) is told nothing more, neither what waits nor what comes', async () => {
    const { receiver, webhook } = await bench.endpoint(reply(410));
    await bench.finishRuns(6);
    bench.startSender({ mostPerWebhook: 1 });
    const deliveries = await bench.settled(webhook, 6);
    expect(deliveries.map(({ status }) => status)).toEqual(Array(6).fill('failed'));
    expect(receiver.received.length).toBeLessThan(6);
    const before = receiver.received.length;
    await bench.tellAnother();
    expect(await bench.deliveries(webhook)).toHaveLength(6);
    expect(receiver.received).toHaveLength(before);
    expect(await bench.webhooks()).toMatchObject([
      { status: 'disabled', disabledReason: expect.stringContaining('410') },
      { status: 'active', disabledReason: null },
    ]);
  });

  test('that does not answer in time has failed', async () => {
    const { webhook } = await bench.endpoint(() => {});
    bench.startSender({ timeoutMs: 100 });
    await bench.finishRuns(1);
    await until('the attempt', async () => (await bench.deliveries(webhook))[0]?.attempts.length === 1);
    expect(await bench.deliveries(webhook)).toMatchObject([
      { status: 'pending', attempts: [{ status: null, error: 'no answer within 100 ms' }] },
    ]);
  });

  test('that redirects has failed, and nobody goes where it points', async () => {
    const elsewhere = await bench.receiver();
    const { webhook } = await bench.endpoint(reply(307, { location: elsewhere.url }));
    bench.startSender();
    await bench.finishRuns(1);
    await until('the attempt', async () => (await bench.deliveries(webhook))[0]?.attempts.length === 1);
    expect(await bench.deliveries(webhook)).toMatchObject([
      { status: 'pending', attempts: [{ status: 307, error: expect.stringContaining('redirect') }] },
    ]);
    expect(elsewhere.received).toEqual([]);
  });

  test('that nobody listens at has failed, with the reason', async () => {
    const { receiver, webhook } = await bench.endpoint();
    await receiver.close();
    bench.startSender();
    await bench.finishRuns(1);
    await until('the attempt', async () => (await bench.deliveries(webhook))[0]?.attempts.length === 1);
    expect(await bench.deliveries(webhook)).toMatchObject([
      { attempts: [{ status: null, error: expect.stringContaining('ECONNREFUSED') }] },
    ]);
  });

  test('that is slow does not hold up the others, and gets few requests at a time', async () => {
    let underWay = 0;
    let most = 0;
    const slow = await bench.endpoint((response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      response.on('close', () => {
        underWay -= 1;
      });
    });
    const quick = await bench.endpoint();
    bench.startSender({ timeoutMs: 1_500, mostPerWebhook: 2 });
    await bench.finishRuns(25);
    await bench.settled(quick.webhook, 25);
    expect(quick.receiver.received).toHaveLength(25);
    expect(most).toBe(2);
    expect((await bench.deliveries(slow.webhook)).filter(({ status }) => status === 'delivered')).toEqual([]);
  });

  test('that is removed is told nothing more', async () => {
    const { receiver, webhook } = await bench.endpoint(reply(500));
    await bench.finishRuns(3);
    await bench.followAll();
    expect(await bench.remove(webhook)).toBe(true);
    bench.startSender();
    await bench.tellAnother();
    expect(receiver.received).toEqual([]);
  });
});

describe('where private addresses are not allowed', () => {
  test('a name that leads to another address than when it was set is not connected to', async () => {
    const receiver = await bench.receiver();
    const webhook = await bench.webhook(`https://hooks.example:${receiver.port}/hook`);
    const asked: string[] = [];
    bench.startSender({
      allowPrivate: false,
      resolve: async (host) => {
        asked.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    await bench.finishRuns(1);
    await until('the attempt', async () => (await bench.deliveries(webhook))[0]?.attempts.length === 1);
    expect(await bench.deliveries(webhook)).toMatchObject([
      { attempts: [{ status: null, error: expect.stringContaining('127.0.0.1, which is a loopback address') }] },
    ]);
    expect(asked).toEqual(['hooks.example']);
    expect(receiver.received).toEqual([]);
  });

  test.each(['https://127.0.0.1:1/', 'https://[::1]:1/', 'http://hooks.example/'])(
    'an endpoint that was set while they were (%s) is not connected to',
    async (url) => {
      const webhook = await bench.webhook(url);
      bench.startSender({ allowPrivate: false });
      await bench.finishRuns(1);
      await until('the attempt', async () => (await bench.deliveries(webhook))[0]?.attempts.length === 1);
      expect(await bench.deliveries(webhook)).toMatchObject([
        { attempts: [{ status: null, error: expect.stringMatching(/not sent: the URL/) }] },
      ]);
    },
  );
});

test('the address that was looked up is the one that is connected to', async () => {
  const receiver = await bench.receiver();
  const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '192.0.2.1', family: 4 }]];
  let asked = 0;
  const ports = {
    ...bench.ports,
    resolve: async () => {
      asked += 1;
      return answers[asked - 1] ?? [];
    },
  };
  const target = { url: `http://hooks.example:${receiver.port}/x`, headers: {}, body: '{}' };
  expect(await post(target, ports, new AbortController().signal)).toEqual({
    type: 'answered',
    status: 204,
    text: '',
  });
  expect(asked).toBe(1);
  expect(receiver.received[0]?.headers.host).toBe(`hooks.example:${receiver.port}`);
});
