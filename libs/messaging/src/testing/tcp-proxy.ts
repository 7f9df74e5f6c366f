import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can be cut, which to the client is a server that is down. */
export interface TcpProxy {
  /** The given URL with the proxy's address in it. */
  readonly url: string;
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** On the connections that there are nobody answers any more, and nobody says so; new ones are as ever. */
  deafen(): void;
  close(): Promise<void>;
}

export async function startProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const pairs = new Set<{ readonly client: Socket; readonly upstream: Socket }>();
  const deaf = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair = { client, upstream };
    pairs.add(pair);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        pairs.delete(pair);
        if (!deaf.has(other)) other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return addressOf(server.address()).port;
  };
  const port = await listen(0);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const deafen = (): void => {
    for (const { client, upstream } of pairs) {
      deaf.add(client);
      client.unpipe(upstream);
      client.resume();
      upstream.unpipe(client);
      upstream.destroy();
    }
    pairs.clear();
  };
  const url = new URL(targetUrl);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    cut,
    restore: async () => {
      await listen(port);
    },
    deafen,
    close: cut,
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address;
}
