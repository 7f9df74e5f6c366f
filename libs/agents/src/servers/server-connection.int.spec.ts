import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ServerConnection } from './server-connection.js';
import type { ToolServer } from './servers-file.js';

const PROGRAM = join(import.meta.dirname, 'testing/tool-server.ts');
const SECRET = 's3cret/of+the&operator';
const never = new AbortController().signal;

/** A connection to a program, with a clock that stands still. */
function connected(fault = 'nothing', calls = '', connectMs = 20_000) {
  const clock = { ms: 0 };
  const warnings: string[] = [];
  const server = {
    ...{
      name: 'notes',
      command: process.execPath,
      args: [PROGRAM, fault, calls],
      env: { NOTES_TOKEN: SECRET },
      tools: 'all',
    },
    ...{ timeoutSeconds: 20, required: false, secrets: [SECRET] },
  } as ToolServer;
  const connection = new ServerConnection(server, {
    resolve: async () => [],
    monotonicMs: () => clock.ms,
    connectMs,
    log: { warn: (facts, message) => void warnings.push(`${message} ${JSON.stringify(facts)}`) },
  });
  onTestFinished(() => connection.stop());
  return { connection, clock, warnings };
}

test('a secret of the operator is cut out of what a server says, in a URL, in base64, and where its text is cut', async () => {
  const { connection, warnings } = connected();
  const said = async (words: string): Promise<string> => (await connection.call('search', { words }, never)).text;
  const basic = Buffer.from(`user:${SECRET}`).toString('base64');
  for (const form of [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64'), basic]) {
    expect(await said(`<${form}>`)).toMatch(/^a note about <[\w+/]*\[secret\][\w+/]*=*>$/);
  }
  // Wherever it is cut, a secret or the space behind it is there.
  const long = await said(`${SECRET} `.repeat(8_000));
  expect(long).toContain('[cut: ');
  expect(long).not.toContain('s3c');
  const error = await connection.call(`${SECRET} `.repeat(5_000), {}, never);
  for (const text of [error.text, warnings.join()]) {
    expect(text).toContain('[secret] [secret]');
    expect(text).not.toContain('s3c');
    expect(text.length).toBeLessThan(1_300);
  }
});

test('nor does one stay in what a server says of its tools: names, descriptions and schemas', async () => {
  const { connection } = connected('tells');
  const listing = await connection.tools();
  const tools = listing.ok ? listing.tools : [];
  expect(tools.find(({ name }) => name === 'told')).toMatchObject({
    description: '[secret]',
    input: {
      schema: {
        required: ['[secret]'],
        properties: {
          '[secret]': { description: 'use [secret]' },
          as: { enum: ['me', '[secret]'], default: '[secret]' },
        },
      },
    },
  });
  expect(tools.map(({ name }) => name)).toContain('[secret]');
  for (const form of [SECRET, encodeURIComponent(SECRET)]) expect(JSON.stringify(listing)).not.toContain(form);
});

test('a server that is away is left alone for a quarter of a minute, from when that is known', async () => {
  const { connection, clock, warnings } = connected('hangs', '', 200);
  const looking = connection.tools();
  // It took longer to find out.
  clock.ms += 20_000;
  expect(await looking).toMatchObject({ ok: false });
  clock.ms += 14_999;
  expect(await connection.tools()).toMatchObject({ ok: false });
  expect(warnings).toHaveLength(1);
  clock.ms += 1;
  expect(await connection.tools()).toMatchObject({ ok: false });
  expect(warnings).toHaveLength(2);
});

test('a connection that ends late takes the next one with it neither from those who use it nor from whoever stops it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-servers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const calls = join(folder, 'calls');
  const { connection } = connected('nothing', calls);
  await connection.call('search', { words: 'first' }, never);
  const stopped = connection.stop();
  await connection.call('search', { words: 'second' }, never);
  await stopped;
  await connection.call('search', { words: 'third' }, never);
  const starts = readFileSync(calls, 'utf8').match(/start/g);
  expect(starts).toHaveLength(2);
});
