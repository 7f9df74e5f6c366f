import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultProxy } from './fault-proxy.js';

/** Answers what it hears. */
const echo = createServer((socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
let proxy: FaultProxy;
let client: Socket;
const heard: string[] = [];

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  proxy = await FaultProxy.start(`redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  heard.length = 0;
  client = await join();
});
afterEach(async () => {
  client.destroy();
  await proxy.stop();
  await new Promise<void>((resolve) => echo.close(() => resolve()));
});

async function join(): Promise<Socket> {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  socket.on('data', (chunk) => heard.push(String(chunk)));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}
const answered = (word: string) => expect.poll(() => heard.join('')).toContain(word);

test('what goes through a way that is open comes back', async () => {
  client.write('one');
  await answered('one');
});

test('what is said into a hole comes through in its order once the hole is closed, and not before', async () => {
  client.write('begin');
  await answered('begin');
  const hole = proxy.hole(150);
  client.write('a');
  await new Promise((resolve) => setImmediate(resolve));
  client.write('b');
  expect(heard.join('')).toBe('begin');
  await hole;
  await answered('beginab');
});

test('a reset ends the connections that there are, and no later one', async () => {
  client.write('begin');
  await answered('begin');
  const closed = new Promise<void>((resolve) => void client.once('close', () => resolve()));
  proxy.reset();
  await closed;
  client = await join();
  client.write('again');
  await answered('again');
});

test('a connection that is half open takes everything and answers nothing, while a new one is answered', async () => {
  client.write('begin');
  await answered('begin');
  proxy.halfOpen();
  client.write('lost');
  const other = await join();
  other.write('other');
  await answered('other');
  expect(client.destroyed).toBe(false);
  expect(heard.join('')).not.toContain('lost');
  other.destroy();
});
