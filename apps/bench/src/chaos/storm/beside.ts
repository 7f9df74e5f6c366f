import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@baton/test-stack';
import { type Spawned, spawnService } from '../takeover/spawned.js';

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu/faketime', '/usr/lib/aarch64-linux-gnu/faketime', '/usr/lib/faketime'];
const FAKETIME = LIBRARIES.map((folder) => join(folder, 'libfaketimeMT.so.1')).find((file) => existsSync(file));

type Name = 'orchestrator' | 'prompt';

const AGAIN_MS = 1_000;
/** Enough for a service that has nothing to do, and too little for one with much. */
const LITTLE_HEAP_MB = 48;

/**
 * An orchestrator and a worker beside those of `baton up`, on clocks that can be set (where libfaketime is there), which are
 * started again when they end.
 */
export class Beside {
  readonly #services = new Map<Name, Spawned>();
  readonly #clock: string;

  private constructor(
    private readonly stack: Stack,
    folder: string,
  ) {
    this.#clock = join(folder, 'clock');
  }

  static readonly hasClock = FAKETIME !== undefined;

  static async start(stack: Stack, folder: string): Promise<Beside> {
    const beside = new Beside(stack, folder);
    await beside.setClock(0);
    await beside.replace('orchestrator', false);
    await beside.replace('prompt', false);
    return beside;
  }

  /** By how much the clock of both is ahead, or behind. */
  async setClock(seconds: number): Promise<void> {
    await writeFile(this.#clock, `${seconds < 0 ? '' : '+'}${seconds}s\n`);
  }

  /** Starts it again, with little memory or with as much as ever. */
  async replace(name: Name, isShortOfMemory: boolean): Promise<void> {
    const before = this.#services.get(name);
    this.#services.delete(name);
    await before?.end();
    await this.#start(name, isShortOfMemory);
  }

  async #start(name: Name, isShortOfMemory: boolean): Promise<void> {
    const env = {
      ...(FAKETIME === undefined
        ? {}
        : {
            LD_PRELOAD: FAKETIME,
            FAKETIME_TIMESTAMP_FILE: this.#clock,
            FAKETIME_NO_CACHE: '1',
            FAKETIME_DONT_FAKE_MONOTONIC: '1',
          }),
      ...(isShortOfMemory ? { NODE_OPTIONS: `--max-old-space-size=${LITTLE_HEAP_MB}` } : {}),
    };
    const service = await spawnService(this.stack, name, env);
    this.#services.set(name, service);
    void service.exited.then(() => this.#ended(name, service));
  }

  /** Not where it was ended on purpose. */
  async #ended(name: Name, service: Spawned): Promise<void> {
    await sleep(AGAIN_MS);
    if (this.#services.get(name) === service) await this.#start(name, false);
  }

  async end(): Promise<void> {
    const services = [...this.#services.values()];
    this.#services.clear();
    for (const service of services) await service.end();
  }
}
