import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How the way to a server is. `hole`: nothing passes, and nobody says so; it goes on where it was once that is over. */
type Way = { readonly type: 'open' } | { readonly type: 'slow'; readonly ms: number } | { readonly type: 'hole' };

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

/**
 * Stands between the services and a server, and does to their connections what networks do. What is written while there is a hole
 * waits, as it does where every packet is sent again until one comes through.
 */
export class FaultProxy {
  readonly #pairs = new Set<Pair>();
  readonly #deaf = new Set<Socket>();
  #way: Way = { type: 'open' };
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(target: string): Promise<FaultProxy> {
    const to = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    const proxy = new FaultProxy(server, url.href);
    server.on('connection', (client) => proxy.#join(client, connect(Number(to.port), to.hostname)));
    return proxy;
  }

  /** Each piece comes so much later, in both directions. */
  async slow(ms: number, forMs: number): Promise<void> {
    await this.#during({ type: 'slow', ms }, forMs);
  }

  async hole(forMs: number): Promise<void> {
    await this.#during({ type: 'hole' }, forMs);
  }

  /** Every connection is broken off, with a word. */
  reset(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** The server's ends are gone, and the clients are not told. */
  halfOpen(): void {
    for (const { client, upstream } of this.#pairs) {
      this.#deaf.add(client);
      upstream.destroy();
    }
  }

  async stop(): Promise<void> {
    this.#end();
    this.server.close();
    for (const socket of this.#deaf) socket.destroy();
    this.reset();
  }

  async #during(way: Way, forMs: number): Promise<void> {
    this.#end();
    this.#way = way;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    await sleep(forMs);
    this.#end();
  }

  #end(): void {
    this.#way = { type: 'open' };
    this.#open();
  }

  #join(client: Socket, upstream: Socket): void {
    const pair = { client, upstream };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.setNoDelay(true);
      from.on('error', () => {});
      // One after the other, so that nothing overtakes what is late.
      let line: Promise<void> = Promise.resolve();
      from.on('data', (chunk: Buffer) => {
        if (this.#deaf.has(client)) return;
        from.pause();
        line = line.then(async () => {
          await this.#passage();
          if (!to.destroyed) to.write(chunk);
          from.resume();
        });
      });
      from.on('close', () => {
        this.#pairs.delete(pair);
        void line.then(() => {
          if (from === client) this.#deaf.delete(client);
          if (from === client || !this.#deaf.has(client)) to.destroy();
        });
      });
    }
  }

  async #passage(): Promise<void> {
    if (this.#way.type === 'slow') await sleep(this.#way.ms);
    while (this.#way.type === 'hole') await this.#opened;
  }
}
