#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants/index.js';
import { runSeeds } from './run-seeds.js';
import { type Shrunk, shrink } from './shrink.js';
import { simulate } from './simulate.js';

const HELP = `npm run simulate -- [--seeds N] [--from S]       that many seeds, on all cores
npm run simulate -- --seed S                     one seed, and what happens in it
npm run simulate -- --seed S --only FAULT… [--even]   of that seed only these faults
npm run simulate -- --mutant NAME|all [--seeds N]     how many seeds it takes to find a bug made on purpose`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    even: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    threads: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${text} is no whole number.\n\n${HELP}`);
  return number;
};

function tell({ seed, problem, only, isEven, tries }: Shrunk): void {
  say(`\nThe smallest schedule that fails, found in ${tries} tries: ${problem}`);
  for (const fault of only) say(`  ${fault}`);
  const faults = only.length === 0 ? " --only ''" : only.map((fault) => ` --only '${fault}'`).join('');
  say(`\nAgain: npm run simulate -- --seed ${seed}${faults}${isEven ? ' --even' : ''}`);
}

async function one(seed: number): Promise<number> {
  const only = values.only === undefined ? {} : { only: new Set(values.only) };
  const result = await simulate({ seed, ...only, isEven: values.even });
  for (const fault of result.faults) say(`  ${fault}`);
  for (const { runId, version, type, recordedAt } of result.log) say(`${recordedAt} ${runId} ${version} ${type}`);
  say(`\nseed ${seed}: ${result.problem ?? 'all is well'} (${result.steps} steps, ${result.elapsedMs} simulated ms)`);
  if (result.problem === null) return 0;
  const shrunk = values.only === undefined ? await shrink(seed) : null;
  if (shrunk !== null) tell(shrunk);
  return 1;
}

async function many(): Promise<number> {
  const threads = values.threads === undefined ? availableParallelism() : whole(values.threads);
  const began = performance.now();
  let saidMs = began;
  const range = { from: whole(values.from), count: whole(values.seeds) };
  const rate = (seeds: number): string => (seeds / ((performance.now() - began) / 1_000)).toFixed(1);
  const result = await runSeeds(range, threads, ({ seeds }) => {
    if (performance.now() - saidMs < 5_000) return;
    saidMs = performance.now();
    process.stderr.write(`${seeds} of ${range.count} seeds, ${rate(seeds)} a second\n`);
  });
  const { seeds, steps, events, failed } = result;
  say(`${seeds} seeds from ${range.from}: ${steps} steps, ${events} events, ${rate(seeds)} seeds a second`);
  if (failed === null) return 0;
  say(`seed ${failed.seed} failed: ${failed.problem}`);
  const shrunk = await shrink(failed.seed);
  if (shrunk !== null) tell(shrunk);
  return 1;
}

async function mutants(name: string): Promise<number> {
  const chosen = MUTANTS.filter((mutant) => name === 'all' || mutant.name === name);
  if (chosen.length === 0)
    throw new Error(`There is no ${name}. One of: ${MUTANTS.map((each) => each.name).join(', ')}.`);
  let missed = 0;
  for (const mutant of chosen) {
    const most = whole(values.seeds);
    let seed = whole(values.from);
    let problem: string | null = null;
    for (; seed < whole(values.from) + most && problem === null; seed += 1)
      problem = (await simulate({ seed }, mutant)).problem;
    if (problem === null) missed += 1;
    say(
      `${mutant.name} (${mutant.bug}): ${problem === null ? `not in ${most} seeds` : `seed ${seed - 1}: ${problem}`}`,
    );
    const shrunk = problem === null || name === 'all' ? null : await shrink(seed - 1, mutant);
    if (shrunk !== null) tell(shrunk);
  }
  return missed === 0 ? 0 : 1;
}

if (values.help) say(HELP);
else if (values.mutant !== undefined) process.exitCode = await mutants(values.mutant);
else process.exitCode = values.seed === undefined ? await many() : await one(whole(values.seed));
