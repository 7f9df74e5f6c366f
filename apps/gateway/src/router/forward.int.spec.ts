import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forward } from './forward.js';

/* A shard, a server that is none, and what stands in front of the shard, spoken to in bytes. */

interface Listening {
  readonly server: Server;
  readonly port: number;
}

async function listen(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
  return { server, port: address.port };
}

interface Seen {
  readonly target: string;
  readonly host: string | undefined;
  readonly body: string;
}

let seen: Seen[];
let strangers: string[];
let shard: Listening;
let foreign: Listening;
let front: Listening;
const bodies = async (request: IncomingMessage): Promise<Seen> => {
  const { method, url, headers } = request;
  return { target: `${method} ${url}`, host: headers.host, body: await text(request) };
};
beforeEach(async () => {
  seen = [];
  strangers = [];
  shard = await listen(async (request, response) => {
    seen.push(await bodies(request));
    response.end('from the shard');
  });
  foreign = await listen((request, response) => {
    strangers.push(`${request.method} ${request.url}`);
    response.end('from a stranger');
  });
  const to = { shard: 0, url: `http://127.0.0.1:${shard.port}` };
  front = await listen((request, response) => void forward(request, response, to).catch(() => response.destroy()));
});
afterEach(async () => {
  await Promise.all(
    [front, shard, foreign].map(async ({ server }) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  );
});

/** What comes back for these bytes. */
async function say(bytes: string): Promise<string> {
  const socket = connect(front.port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const asHosts: readonly (readonly [what: string, target: (host: string) => string])[] = [
  ['two slashes', (host) => `//${host}/v1/latest?a=1`],
  ['an absolute form', (host) => `http://${host}/v1/latest?a=1`],
  ['a slash and a backslash', (host) => `/\\${host}/v1/latest?a=1`],
  ['a host behind another', (host) => `http://router//${host}/v1/latest?a=1`],
];
test.each(asHosts)('a target with %s goes to the shard and to no other host', async (_, target) => {
  const host = `127.0.0.1:${foreign.port}`;
  const answer = await say(
    `POST ${target(host)} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi`,
  );
  expect(strangers).toEqual([]);
  expect(answer).toContain('from the shard');
  expect(seen).toMatchObject([{ host: `127.0.0.1:${shard.port}`, body: 'hi' }]);
  expect(seen[0]?.target).toMatch(/^POST \/.*v1\/latest\?a=1$/);
});

test.each(['GET', 'DELETE', 'OPTIONS', 'POST'])(
  'a body of a %s is a body for the shard, whatever stands in it',
  async (method) => {
    const within = 'DELETE /v1/other HTTP/1.1\r\nHost: shard\r\nContent-Length: 0\r\n\r\n';
    const chunks = `${within.length.toString(16)}\r\n${within}\r\n0\r\n\r\n`;
    const head = `${method} /v1/one HTTP/1.1\r\nHost: router\r\nConnection: close\r\n`;
    expect(await say(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`)).toContain('from the shard');
    expect(await say(`${head}Content-Length: ${within.length}\r\n\r\n${within}`)).toContain('from the shard');
    // What was left in the connection would be read before this.
    expect(await say(`GET /v1/last HTTP/1.1\r\nHost: router\r\nConnection: close\r\n\r\n`)).toContain('from the shard');
    expect(seen.map(({ target, body }) => [target, body])).toEqual([
      [`${method} /v1/one`, within],
      [`${method} /v1/one`, within],
      ['GET /v1/last', ''],
    ]);
  },
);
