import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BenchError } from '../leave-nothing.js';
import { redisFor } from '../redis-for.js';
import { wholeNumber } from '../whole-number.js';
import { type Profile, profileSteps } from './profile.js';
import { profileLines } from './report.js';

/** `npm run bench -- --profile`: what a step costs, and where. */
export async function runProfile(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { backends, seconds, inFlight, steps, jsonFile } = profileOptions(args);
  const profiles: Profile[] = [];
  for (const backend of backends) {
    const program = redisFor(backend);
    say(`queues on ${backend === 'redis' ? 'Redis' : 'Postgres'}, ${seconds} seconds to count and as many to sample`);
    const profile = await profileSteps({ redisProgram: program, seconds, inFlight, stepsPerRun: steps, say });
    process.stdout.write(`${profileLines(profile).join('\n')}\n\n`);
    profiles.push(profile);
  }
  if (jsonFile === undefined) return;
  await writeFile(jsonFile, `${JSON.stringify({ profiles: profiles.map(toJson) }, null, 2)}\n`);
}

/** A Map is no JSON. */
const toJson = (profile: Profile): object => ({
  ...profile,
  postgres: { ...profile.postgres, cpuMs: Object.fromEntries(profile.postgres.cpuMs ?? []) },
});

export interface ProfileArguments {
  readonly backends: readonly ('redis' | 'postgres')[];
  readonly seconds: number;
  readonly inFlight: number;
  readonly steps: number;
  readonly jsonFile: string | undefined;
}

/** Throws BenchError, which says what was expected. */
export function profileOptions(args: readonly string[]): ProfileArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'boolean' },
      /** The queues; both where it is absent. */
      backend: { type: 'string' },
      /** So long is counted, and then so long is sampled. */
      seconds: { type: 'string', default: '10' },
      /** Runs at once, and the tasks of each. */
      runs: { type: 'string', default: '32' },
      steps: { type: 'string', default: '5' },
      /** A file for programs; the tables go to the standard output all the same. */
      json: { type: 'string' },
    },
  });
  const { backend } = values;
  if (backend !== undefined && backend !== 'redis' && backend !== 'postgres') {
    throw new BenchError(`--backend ${backend} is unknown. Give redis or postgres, or leave it out for both.`);
  }
  return {
    backends: backend === undefined ? ['redis', 'postgres'] : [backend],
    seconds: wholeNumber('--seconds', values.seconds),
    inFlight: wholeNumber('--runs', values.runs),
    steps: wholeNumber('--steps', values.steps),
    jsonFile: values.json,
  };
}
