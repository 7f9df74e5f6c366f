import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the services tell what they count, for a Prometheus that finds its targets in files. */
export interface MetricsTargets {
  /** Before a service is started: its port is another one each time. */
  readonly note: (service: string, port: string | undefined) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const METRICS_TARGETS = 'metrics-targets.json';

/** Others than this user read the file, and there is nothing in it that they might not: addresses of this machine alone. */
export function metricsTargets(home: string): MetricsTargets {
  const file = join(home, METRICS_TARGETS);
  const ports = new Map<string, string>();
  let written: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const groups = [...ports].map(([service, port]) => ({
      targets: [`127.0.0.1:${port}`],
      labels: { job: `baton-${service}`, service },
    }));
    const unfinished = `${file}.${process.pid}.new`;
    await writeFile(unfinished, `${JSON.stringify(groups, null, 2)}\n`);
    await rename(unfinished, file);
  };
  return {
    note: (service, port) => {
      if (port !== undefined) ports.set(service, port);
      // One after another; that it cannot be written keeps no service from its work.
      written = written.then(write).catch(() => {});
      return written;
    },
    remove: () => {
      written = written.then(() => rm(file, { force: true }));
      return written;
    },
  };
}
