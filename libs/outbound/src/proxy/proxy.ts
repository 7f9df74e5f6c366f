import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, PassThrough, pipeline } from 'node:stream';
import { toError } from '@baton/contracts';
import { byName, withoutOurs } from './headers.js';
import { nameOf, type Target, type Way } from './host-rules.js';
import { openLedger, type ProxyReport } from './ledger.js';
import { connectTo, type ProxyPolicy, type Reach, reachOf, tooMuch } from './reach.js';
import { authorityOf, plainUrl, targetOf } from './target-of.js';
import { askUpstream, type Upstream } from './upstream.js';

/** An HTTP proxy that leads to some hosts and nowhere else. It listens on a unix socket: who has the file may ask. */
export interface AllowListProxy {
  readonly report: () => ProxyReport;
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

const MOST_CONNECTIONS = 128;
const SILENT_MS = 120_000;

/**
 * Opens one at a path, which must be free. It knows tunnels (CONNECT) and plain HTTP, follows no redirect, and looks at each
 * host by name and by address.
 */
export async function openProxy(socketPath: string, policy: ProxyPolicy): Promise<AllowListProxy> {
  const ledger = openLedger();
  const open = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: 32 * 1024 });
  server.maxConnections = MOST_CONNECTIONS;
  const hold = <T extends Duplex>(stream: T): T => {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    stream.on('error', () => stream.destroy());
    return stream;
  };
  /** Counts what goes by, and ends it where it is too much. */
  const counted = (target: Target, direction: 'sent' | 'received'): PassThrough => {
    const meter = new PassThrough();
    meter.on('data', (chunk: Buffer) => {
      ledger[direction](target, chunk.length);
      if (ledger.totalBytes() <= policy.maxBytes) return;
      ledger.refused(nameOf(target), tooMuch(policy.maxBytes));
      for (const stream of open) stream.destroy();
    });
    return hold(meter);
  };
  const settle = async (target: Target | null, way: Way): Promise<Allowed | Refusal> => {
    if (target === null) return { status: 400, text: 'This is no address that a proxy can lead to.' };
    const reach = await reachOf(target, way, policy, ledger);
    if (reach.type === 'direct' || reach.type === 'upstream') return { target, reach };
    ledger[reach.type](nameOf(target), reach.reason);
    return { status: reach.type === 'refused' ? 403 : 502, text: `${nameOf(target)}: ${reach.reason}.` };
  };
  const fail = (target: Target, thrown: unknown): string => {
    const { message } = toError(thrown);
    ledger.unreachable(nameOf(target), message);
    return `${nameOf(target)}: ${message}.`;
  };

  server.on('connection', hold);
  const onTunnel = async (asked: IncomingMessage, client: Socket, head: Buffer): Promise<void> => {
    const refuse = (status: number, text: string): void => {
      client.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${text}\n`);
    };
    const settled = await settle(authorityOf(asked.url ?? ''), 'tunnel');
    if ('status' in settled) return refuse(settled.status, settled.text);
    const { target, reach } = settled;
    try {
      const far = hold(await farEnd(target, reach));
      ledger.reached(target);
      for (const socket of [client, far]) socket.setTimeout(SILENT_MS, () => socket.destroy());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      const sent = counted(target, 'sent');
      sent.write(head);
      pipeline(client, sent, far, whateverCame);
      pipeline(far, counted(target, 'received'), client, whateverCame);
    } catch (thrown) {
      refuse(502, fail(target, thrown));
    }
  };
  const onPlain = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const refuse = (status: number, text: string): void => {
      if (answer.headersSent) return void answer.destroy();
      answer.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${text}\n`);
    };
    const url = plainUrl(asked.url ?? '');
    const settled = await settle(url === null ? null : targetOf(url), 'plain');
    if ('status' in settled || url === null) return refuse(...refusalOf(settled));
    const { target, reach } = settled;
    const far = plainRequest(url, target, reach, asked);
    far.setTimeout(SILENT_MS, () => far.destroy(new Error('it was silent')));
    far.once('error', (error) => refuse(502, fail(target, error)));
    far.once('response', (response) => {
      ledger.reached(target);
      answer.writeHead(response.statusCode ?? 502, withoutOurs(response.rawHeaders));
      pipeline(response, counted(target, 'received'), answer, whateverCame);
    });
    answer.once('close', () => far.destroy());
    asked.pipe(counted(target, 'sent')).pipe(far);
  };
  // Whatever a request is made of, it is not what ends the service.
  server.on('connect', (asked: IncomingMessage, client: Socket, head: Buffer) => {
    onTunnel(asked, client, head).catch(() => client.destroy());
  });
  server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
    onPlain(asked, answer).catch(() => answer.destroy());
  });
  await listening(server, socketPath);
  return {
    report: ledger.report,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const stream of open) stream.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Both ends see by themselves where the other broke off. */
const whateverCame = (): void => {};

interface Allowed {
  readonly target: Target;
  readonly reach: Extract<Reach, { readonly type: 'direct' | 'upstream' }>;
}

interface Refusal {
  readonly status: number;
  readonly text: string;
}

const refusalOf = (settled: Allowed | Refusal): [number, string] =>
  'status' in settled ? [settled.status, settled.text] : [400, ''];

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });

function plainRequest(url: URL, target: Target, reach: Allowed['reach'], asked: IncomingMessage) {
  const headers = [...withoutOurs(asked.rawHeaders, ['host']), 'host', url.host, 'connection', 'close'];
  const options = { method: asked.method ?? 'GET', headers: byName(headers) };
  if (reach.type === 'upstream') return askUpstream(reach.upstream, { ...options, path: url.href });
  const [host] = reach.addresses;
  const path = `${url.pathname}${url.search}`;
  return request({ ...options, host: host ?? target.host, port: target.port, path, agent: false });
}

const farEnd = ({ host, port }: Target, reach: Allowed['reach']): Promise<Duplex & TimedOut> =>
  reach.type === 'direct' ? connectTo(reach.addresses, port) : tunnelThrough(reach.upstream, { host, port });

interface TimedOut {
  setTimeout(ms: number, onTimeout: () => void): unknown;
}

const tunnelThrough = (upstream: Upstream, target: Target): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const name = nameOf(target);
    const asked = askUpstream(upstream, { method: 'CONNECT', path: name, headers: { host: name } });
    asked.setTimeout(SILENT_MS, () => asked.destroy(new Error('the proxy of this machine was silent')));
    asked.once('error', reject);
    asked.once('response', ({ statusCode }) => {
      reject(new Error(`the proxy of this machine answered ${statusCode}`));
      asked.destroy();
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy of this machine answered ${statusCode}`));
    });
    asked.end();
  });
