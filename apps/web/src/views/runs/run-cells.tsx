import type { ReactElement } from 'react';
import { beginningOf, seen } from '../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { useNow } from '../../parts/time.js';
import type { Run } from './merged-runs.js';

/** As much of an id as tells runs apart. */
export const shortId = (runId: string): string => runId.slice(0, 8);

/** What a run is called: by a line of what was asked for, else by its id. */
export const titleOfRun = ({ title, runId }: Pick<Run, 'title' | 'runId'>): string =>
  title == null ? shortId(runId) : seen(title);

/** From its start to its end, or to now; of one that has not begun nothing. */
export const Duration = ({ run }: { readonly run: Run }): ReactElement | string => {
  if (run.status === 'accepted') return '–';
  if (run.endedAt === null) return <Running sinceMs={Date.parse(run.startedAt)} />;
  return durationOf(Date.parse(run.endedAt) - Date.parse(run.startedAt));
};

/** To the second: what goes on is not measured in milliseconds. */
const Running = ({ sinceMs }: { readonly sinceMs: number }): string =>
  durationOf(Math.max(0, Math.floor((useNow() - sinceMs) / 1_000) * 1_000))
    .replace('.0 s', ' s')
    .replace(/^0 ms$/, '0 s');

export function stepOf({ step, lastStep, currentStates }: Run): string {
  const place = step === null ? null : lastStep == null ? `${step}` : `${step}/${lastStep}`;
  const [first, ...others] = currentStates;
  const states = first === undefined ? null : seen(first) + (others.length === 0 ? '' : ` +${others.length}`);
  return [place, states].filter((part) => part !== null).join(' ') || '–';
}

export const costOf = ({ usage }: Run): string => (usage.costUsd === null ? 'unknown' : moneyOf(usage.costUsd));

export const tokensOf = ({ usage }: Run): string => countOf(usage.inputTokens + usage.outputTokens);

/** What it waits for that no worker does: the one that waits longest, and how many others. */
export function waitsOf({ waitingFor, status }: Run): string {
  if (status === 'paused') return 'to be resumed';
  const [first, ...others] = waitingFor;
  if (first === undefined) return '';
  return WAITS[first.kind](first) + (others.length === 0 ? '' : ` +${others.length}`);
}

type Waits = Run['waitingFor'][number];

const WAITS: Readonly<Record<Waits['kind'], (waiting: Waits) => string>> = {
  approval: () => 'a person',
  signal: (waiting) => `signal ${seen(waiting.kind === 'signal' ? waiting.name : '')}`,
  run: (waiting) => `run of ${seen(waiting.kind === 'run' ? waiting.workflow : '')}`,
  timer: () => 'a time',
  token: () => 'an answer by its token',
  place: () => 'a place',
};

export const labelsOf = ({ labels }: Run): readonly (readonly [string, string])[] => Object.entries(labels);

/** A label as it is read. */
export const labelText = (name: string, value: string): string =>
  seen(beginningOf(value === '' ? name : `${name}=${value}`, 40).text);
