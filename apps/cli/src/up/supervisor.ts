import type { BatonError } from '@baton/contracts';
import { LIVENESS, type LivenessTiming } from './liveness.js';
import { type Dependency, ServiceProcess, type ServiceSpec } from './service-process.js';

export interface SupervisedService extends ServiceSpec {
  /** Services stop in ascending order of this number; those with the same number together. */
  readonly stopsIn: number;
}

export interface SupervisorOptions {
  readonly dependency: Dependency;
  readonly liveness?: LivenessTiming;
  onNews(line: string): void;
  onGiveUp(error: BatonError): void;
}

/** Longer than a service takes by itself, which ends with an error after 10 s. */
const GRACE_MS = 12_000;

/** Keeps a set of services alive, each a process of its own. */
export class Supervisor {
  readonly #services: readonly { readonly process: ServiceProcess; readonly stopsIn: number }[];

  constructor(services: readonly SupervisedService[], options: SupervisorOptions) {
    this.#services = services.map((spec) => ({
      process: new ServiceProcess(spec, { liveness: LIVENESS, ...options }),
      stopsIn: spec.stopsIn,
    }));
  }

  /** Resolves when every service was ready once. */
  async ready(): Promise<void> {
    await Promise.all(this.#services.map(({ process }) => process.ready));
  }

  get pids(): Readonly<Record<string, number | undefined>> {
    return Object.fromEntries(this.#services.map(({ process }) => [process.name, process.pid]));
  }

  /** Stops everything in order. `hurried` kills what is still there. */
  async stop(hurried: AbortSignal, graceMs = GRACE_MS): Promise<void> {
    const groups = [...new Set(this.#services.map(({ stopsIn }) => stopsIn))].sort((a, b) => a - b);
    for (const group of groups) {
      const members = this.#services.filter(({ stopsIn }) => stopsIn === group);
      await Promise.all(members.map(({ process }) => process.stop(graceMs, hurried)));
    }
  }
}
