import type { Context } from '../context.js';
import { formatDuration } from '../durations.js';
import { type Columns, writeLine, writeList } from '../output.js';
import { type Outcome, type Score, scoresOf } from './outcome.js';

interface Shown {
  readonly name: string;
  readonly file: string;
  readonly cells: number;
  readonly outcomes: readonly Outcome[];
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

const columns: Columns<Score> = {
  headings: ['MODEL', 'VARIANT', 'SUCCESS', 'RATE', '95 %', 'USD', 'TOKENS', 'ROUNDS', 'TIME'],
  row: (each) => [
    each.model ?? 'as set up',
    each.variant,
    `${each.successes}/${each.n}`,
    percent(each.rate),
    `${percent(each.low)} to ${percent(each.high)}`,
    each.costUsd === null ? 'not known' : each.costUsd.toFixed(4),
    each.tokens.toFixed(0),
    each.rounds.toFixed(1),
    formatDuration(each.durationMs),
  ],
};

/** The scores by model and variant; in JSON with every run, a line each in jsonl. */
export function writeScores({ io, format }: Context, { name, file, cells, outcomes }: Shown): void {
  const scores = scoresOf(outcomes);
  if (format === 'json') {
    writeLine(io.out, JSON.stringify({ name, cells, done: outcomes.length, scores, outcomes }, null, 2));
    return;
  }
  writeList(io, format, scores, columns, 'No run was made.');
  if (format !== 'table') return;
  for (const { model, variant, tasks } of scores) {
    const poor = Object.entries(tasks).filter(([, { n, successes }]) => successes < n);
    const list = poor.map(([task, { n, successes }]) => `${task} ${successes}/${n}`).join(', ');
    if (list !== '') writeLine(io.err, `${model ?? 'as set up'}, ${variant}: not always ${list}`);
  }
  writeLine(io.err, `Means are for each run. Every run, with what it failed on: ${file}`);
}
