import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { SECRET, WebhookBench } from './testing/webhook-bench.js';

/* What docs/using.md shows is taken from there and run, against what is really delivered. */

const run = promisify(execFile);
const documented = await readFile(new URL('../../../docs/using.md', import.meta.url), 'utf8');

function snippet(language: string): string {
  const blocks = [...documented.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  );
  const found = blocks.find((text) => text.includes('webhook-signature'));
  if (found === undefined) throw new Error(`docs/using.md shows no receiver in ${language}`);
  return found;
}

let bench: WebhookBench;
let dir: string;
beforeEach(async () => {
  bench = await WebhookBench.open(inject('postgresUrl'));
  dir = await mkdtemp(join(tmpdir(), 'baton-receiver-'));
});
afterEach(async () => {
  await bench.close();
  await rm(dir, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function withNodeReceiver(secret: string, use: (url: string) => Promise<void>): Promise<string> {
  const port = await freePort();
  const file = join(dir, 'receiver.mjs');
  await writeFile(file, snippet('js'));
  const child = spawn(process.execPath, [file], { env: { WEBHOOK_SECRET: secret, PORT: String(port) } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const url = `http://127.0.0.1:${port}/`;
  try {
    for (
      let tries = 0;
      tries < 100 &&
      !(await fetch(url).then(
        () => true,
        () => false,
      ));
      tries += 1
    )
      await sleep(50);
    await use(url);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  return output;
}

test('the documented receiver in Node takes what Baton delivers', async () => {
  const output = await withNodeReceiver(SECRET, async (url) => {
    const webhook = await bench.webhook(url);
    bench.startSender();
    await bench.finishRuns(1);
    const [delivery] = await bench.settled(webhook);
    expect(delivery).toMatchObject({ status: 'delivered', attempts: [{ status: 204 }] });
  });
  expect(output).toMatch(/^[0-9a-f-]{36} run\.finished\n$/);
});

test('and refuses what is signed with another secret, or not at all', async () => {
  const output = await withNodeReceiver(`whsec_${Buffer.alloc(32, 7).toString('base64')}`, async (url) => {
    const webhook = await bench.webhook(url);
    bench.startSender();
    await bench.finishRuns(1);
    await expect
      .poll(async () => (await bench.deliveries(webhook))[0]?.attempts[0]?.status, { timeout: 10_000 })
      .toBe(401);
    expect((await fetch(url, { method: 'POST', body: '{"type":"run.finished"}' })).status).toBe(401);
  });
  expect(output).toBe('');
});

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasPython)('the documented check in Python believes what Baton delivers, and nothing else', async () => {
  const { receiver, webhook } = await bench.endpoint();
  bench.startSender();
  await bench.finishRuns(1);
  await bench.settled(webhook);
  const [received] = receiver.received;
  const asked = `${snippet('python')}
import json, sys
secret, headers, body = json.loads(sys.argv[1])
print(is_signed(secret, headers, body.encode()), is_signed(secret, headers, b"{}"))`;
  const check = async (secret: string) =>
    (await run('python3', ['-c', asked, JSON.stringify([secret, received?.headers, received?.body])])).stdout.trim();
  expect(await check(SECRET)).toBe('True False');
  expect(await check(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)).toBe('False False');
});
