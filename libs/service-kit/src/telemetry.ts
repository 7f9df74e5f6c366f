import { readFileSync } from 'node:fs';
import type { Registry } from '@baton/telemetry/metrics';
import type { Telemetry } from '@baton/telemetry/start';
import { z } from 'zod';
import { readTelemetryEnv } from './env.js';

export type { Registry };

/** Of Baton. */
const versionOf = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
    .version;

/**
 * What a service tells of itself to others than people. Loaded when a service runs, and not with this package: the command line
 * and the workers of users have it too.
 */
export async function openTelemetry(name: string): Promise<{
  readonly telemetry: Telemetry | null;
  readonly register: Registry;
  readonly idsOfWork: () => object;
}> {
  const [{ activeIds }, { gaugesOfProcess, Registry }, { startTelemetry }] = await Promise.all([
    import('@baton/telemetry'),
    import('@baton/telemetry/metrics'),
    import('@baton/telemetry/start'),
  ]);
  const register = new Registry();
  gaugesOfProcess(register);
  const telemetry = await startTelemetry({ name, version: versionOf() }, readTelemetryEnv());
  return { telemetry, register, idsOfWork: activeIds };
}
