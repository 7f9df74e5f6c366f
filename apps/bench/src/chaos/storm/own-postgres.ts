import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@baton/contracts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@baton/service-kit';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { beforeTheEnd } from '../../leave-nothing.js';

const AGAIN_MS = 500;

/** A Postgres of the operator's, as far as Baton knows: it may be killed, and whoever runs it starts it again when it ends. */
export class OwnPostgres {
  #isStopping = false;
  #server: EmbeddedPostgres;
  #ends = 0;

  private constructor(
    server: EmbeddedPostgres,
    private readonly dataDir: string,
    private readonly say: (text: string) => void,
  ) {
    this.#server = server;
    this.#watch(server);
  }

  static async start(folder: string, say: (text: string) => void): Promise<OwnPostgres> {
    const dataDir = join(folder, 'postgres');
    copyPostgresTemplate(dataDir);
    const postgres = new OwnPostgres(await startEmbeddedPostgres({ dataDir, log: () => {} }), dataDir, say);
    beforeTheEnd(() => {
      postgres.#isStopping = true;
    });
    return postgres;
  }

  get url(): string {
    return this.#server.url;
  }

  /** How often it has ended. */
  get ends(): number {
    return this.#ends;
  }

  kill(): void {
    process.kill(this.#server.pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#server.stop().catch(() => {});
  }

  #watch(server: EmbeddedPostgres): void {
    void server.exited.then(() => this.#again(server.port));
  }

  /** Until it succeeds: on a full disk it does not. */
  async #again(port: number): Promise<void> {
    this.#ends += 1;
    while (!this.#isStopping) {
      await sleep(AGAIN_MS);
      try {
        this.#server = await startEmbeddedPostgres({
          dataDir: this.dataDir,
          port,
          log: () => {},
          startTimeoutMs: 20_000,
        });
        this.#watch(this.#server);
        return;
      } catch (thrown) {
        this.say(`  postgres does not start yet: ${toError(thrown).message}`);
      }
    }
  }
}
