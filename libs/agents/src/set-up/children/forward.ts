/**
 * Runs by itself in a sandbox: `node forward.ts <socket> <program> <argument>…`. There is no network there, and programs that
 * fetch want a proxy at an address, so each connection to one of the loopback is handed on to the socket, behind which
 * the service decides. The program is told of it, and its exit code is that of this.
 */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';
import { pipeline } from 'node:stream';

const [socket = '', ...argv] = process.argv.slice(2);

const server = createServer((client) => {
  const service = connect(socket);
  for (const end of [client, service]) end.on('error', () => {});
  pipeline(client, service, () => {});
  pipeline(service, client, () => {});
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const proxy = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'YARN_HTTP_PROXY', 'YARN_HTTPS_PROXY'];
  const proxied = names.map((name) => `${name}=${proxy}`);
  const child = spawn('/usr/bin/env', [...proxied, ...argv], { stdio: 'inherit' });
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(126);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
});
