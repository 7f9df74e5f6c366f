import { durationOf } from '../../../parts/spans.js';
import type { Attempt } from '../story/story.js';

const WORDS: Readonly<Record<Attempt['kind'], string>> = {
  task: 'Task for',
  person: 'Waits for',
  signal: 'Waits for the signal',
  run: 'Child run of',
  timer: 'Waits for',
  advice: 'Asks',
};

export const whatIsAsked = ({ kind, about }: Attempt): string => `${WORDS[kind]} ${about}`;

export const statusWord = ({ kind, status }: Attempt): string => {
  if (status === 'open') return kind === 'task' || kind === 'run' || kind === 'advice' ? 'running' : 'waiting';
  if (kind === 'person' && status === 'failed') return 'rejected';
  if (kind === 'person' && status === 'succeeded') return 'answered';
  return status;
};

/** `06:02:54.561`, of the day that the reader has. */
const clockOf = (ms: number): string => {
  const at = new Date(ms);
  return `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
};

/** All that a bar shows, in a sentence. @param takenMs as `takenMs` of deliveries.ts */
export function attemptText(attempt: Attempt, takenMs: number | null | undefined, nowMs: number): string {
  const { startMs, scheduledMs, endMs, error } = attempt;
  const untilMs = endMs ?? Math.max(nowMs, startMs);
  const parts = [`${whatIsAsked(attempt)}: ${statusWord(attempt)}${error === null ? '' : ` with ${error}`}`];
  parts.push(`from ${clockOf(startMs)}${endMs === null ? '' : ` to ${clockOf(endMs)}`}`);
  if (startMs > scheduledMs) parts.push(`held back for ${durationOf(startMs - scheduledMs)} before`);
  if (takenMs === undefined) parts.push(durationOf(untilMs - startMs));
  else {
    const workFromMs = Math.min(Math.max(takenMs ?? untilMs, startMs), untilMs);
    parts.push(`${durationOf(workFromMs - startMs)} in the queue`);
    if (takenMs !== null) parts.push(`${durationOf(untilMs - workFromMs)} at work`);
  }
  return `${parts.join(', ')}.`;
}
