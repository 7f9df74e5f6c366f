import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, toError } from '@baton/contracts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '@baton/service-kit';
import { backoffMs } from './backoff.js';
import type { Dependency } from './service-process.js';

export interface Database extends Dependency {
  /** For whoever wants to join. */
  readonly url: string;
  /** For the services of this stack, where they have a shorter way; else the same. */
  readonly localUrl: string;
  stop(): Promise<void>;
}

/** A server that somebody else runs: the services wait for it by themselves. */
export const foreignDatabase = (url: string): Database => ({
  url,
  localUrl: url,
  outages: 0,
  available: async () => {},
  stop: async () => {},
});

export interface EmbeddedDatabaseOptions {
  /** `startEmbeddedPostgres` of service-kit. */
  start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres>;
  readonly dataDir: string;
  onNews(line: string): void;
  onGiveUp(error: Error): void;
}

const START_ATTEMPTS = 5;

/** An embedded Postgres that is started again, on the same port, when it dies: services reconnect by themselves. */
export class EmbeddedDatabase implements Database {
  #outages = 0;
  #isStopping = false;
  #available: Promise<void> = Promise.resolve();
  #server: EmbeddedPostgres;
  readonly url: string;
  readonly localUrl: string;

  private constructor(
    server: EmbeddedPostgres,
    private readonly options: EmbeddedDatabaseOptions,
  ) {
    this.#server = server;
    this.url = server.url;
    this.localUrl = server.localUrl;
    this.#watch(server);
  }

  /** Throws what `startEmbeddedPostgres` throws. */
  static async start(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
    return new EmbeddedDatabase(await options.start({ dataDir: options.dataDir, log: () => {} }), options);
  }

  get outages(): number {
    return this.#outages;
  }

  available(): Promise<void> {
    return this.#available;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#available.catch(() => {});
    await this.#server.stop();
  }

  #watch(server: EmbeddedPostgres): void {
    void server.exited.then(() => {
      if (this.#isStopping) return;
      this.#outages += 1;
      this.options.onNews('the embedded database has ended; it starts again');
      this.#available = this.#restart(server.port);
      // Whoever waits for it learns of a failure through onGiveUp, and must not go on.
      this.#available.catch((thrown: unknown) => this.options.onGiveUp(toError(thrown)));
    });
  }

  async #restart(port: number): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      if (this.#isStopping) return;
      try {
        const server = await this.options.start({ dataDir: this.options.dataDir, port, log: () => {} });
        if (this.localUrl !== this.url && server.localUrl !== this.localUrl) {
          await server.stop();
          throw withoutSocket();
        }
        this.#server = server;
        this.#watch(server);
        this.options.onNews('the embedded database is back');
        return;
      } catch (thrown) {
        if (attempt + 1 >= START_ATTEMPTS) throw thrown;
        await sleep(backoffMs(attempt));
      }
    }
  }
}

/** Where services reach it was told them at their start. */
const withoutSocket = (): BatonError =>
  new BatonError('The embedded database is back without the socket over which the services reach it.', {
    code: 'embedded-postgres-start-failed',
    next: 'Run `baton up` again: where there is no socket its services use the port.',
  });
