import { eventsOf, type Stack } from '@baton/test-stack';
import type { Reader, Truth } from './watch.js';

/** How a run stands, and its attempts: on its page, with the timeline. */
export const inTimeline: Reader = () => {
  const summary = document.querySelector('[aria-label="Summary of the run"]');
  const shown: Record<string, string> = {
    run: summary?.querySelector('h1 + span')?.textContent ?? 'nothing',
    at: summary?.querySelector('h1 + span + span:not([data-print])')?.textContent?.replace(/^at /, '') ?? '',
  };
  for (const row of document.querySelectorAll('[aria-label=Attempts] > li button[data-row]')) {
    const [, state = '', word = ''] = /^(\w+)\. .*?: (\S+),/.exec(row.textContent ?? '') ?? [];
    shown[`attempt ${state}`] = word;
  }
  return shown;
};

/** What has become of each state: on the same page, with the graph. */
export const inGraph: Reader = () => {
  const shown: Record<string, string> = {};
  for (const row of document.querySelectorAll('main details table tbody tr')) {
    const word = row.lastElementChild?.textContent ?? '';
    if (word !== '') shown[`state ${row.firstElementChild?.textContent}`] = word;
  }
  return shown;
};

/** How a run stands in the list. */
export const inList: Reader = (runId) => {
  const cells = document.querySelector(`a[data-run="${runId}"]`)?.closest('tr')?.cells;
  return { run: cells?.[1]?.textContent ?? 'nothing', at: cells?.[4]?.textContent?.replace('–', '') ?? 'nothing' };
};

/** What an event says of the run and of the state that it is about, as pages show it. */
const SAYS: Readonly<Record<string, (state: string) => Readonly<Record<string, string>>>> = {
  RunStarted: () => ({ run: 'running' }),
  StateEntered: (state) => ({ at: state, [`state ${state}`]: 'now' }),
  TimerScheduled: (state) => ({ [`attempt ${state}`]: 'waiting' }),
  SignalReceived: (state) => ({ [`attempt ${state}`]: 'succeeded' }),
  TaskScheduled: (state) => ({ [`attempt ${state}`]: 'waiting' }),
  ApprovalDecided: (state) => ({ [`attempt ${state}`]: 'answered' }),
  StateExited: (state) => ({ [`state ${state}`]: 'done' }),
  RunSucceeded: () => ({ run: 'succeeded', at: '' }),
};

/** What the log says of a run and its states, under the same names and in the same words. */
export async function truthOf(stack: Stack, runId: string): Promise<Truth> {
  const truth = new Map<string, { value: string; sinceMs: number }[]>();
  let entered = '';
  for (const { type, data, recordedAt } of await eventsOf(stack, runId)) {
    // Its states come one after another: what is said is of the one that was entered last.
    if (type === 'StateEntered' && typeof data === 'object' && data !== null && 'state' in data)
      entered = `${data.state}`;
    for (const [key, value] of Object.entries(SAYS[type]?.(entered) ?? {}))
      truth.set(key, [...(truth.get(key) ?? []), { value, sinceMs: Date.parse(recordedAt) }]);
  }
  return truth;
}
