import type { Schemas } from '../../../api/api.js';
import type { StateMark, StateMarks } from '../../../parts/graph/state-marks.js';

type Run = Schemas['RunDetail'];

/** What of a run is needed to mark its picture. */
export type MarkedRun = Pick<Run, 'currentStates' | 'maps' | 'rounds'> & {
  readonly steps: readonly Pick<Run['steps'][number], 'state' | 'status' | 'attempt' | 'item'>[];
};

export interface Passage {
  readonly version: number;
  readonly type: string;
  readonly data: unknown;
}

const isFailed = (status: string): boolean => status === 'failed' || status === 'timed-out';

/**
 * How often each state was entered, from the log: also those that no worker is asked in, as a Choice.
 *
 * @param until the version of the run that the log is put together with. What was entered behind it is not among its open
 *   states yet, and would seem to be over.
 */
export function entriesOf(events: readonly Passage[], until: number): ReadonlyMap<string, number> {
  const entries = new Map<string, number>();
  for (const { version, type, data } of events) {
    if (version > until || type !== 'StateEntered' || typeof data !== 'object' || data === null || !('state' in data))
      continue;
    if (typeof data.state === 'string') entries.set(data.state, (entries.get(data.state) ?? 0) + 1);
  }
  return entries;
}

/** The state of a run on the states of its workflow: what is open now comes before what was, the newest before what is older. */
export function marksOfRun(run: MarkedRun, entries: ReadonlyMap<string, number>): StateMarks {
  const open = new Set(run.currentStates);
  const names = new Set([...entries.keys(), ...run.steps.map(({ state }) => state), ...open]);
  return new Map([...names].map((state) => [state, markOf(state, run, entries.get(state) ?? 0, open.has(state))]));
}

function markOf(state: string, run: MarkedRun, entered: number, isOpen: boolean): StateMark {
  const steps = run.steps.filter((step) => step.state === state);
  const newest = steps.at(-1);
  const map = run.maps.filter((each) => each.state === state).at(-1);
  return {
    status: isOpen ? 'current' : statusOf(newest?.status),
    notes: [
      ...(newest !== undefined && newest.attempt > 1 ? [`attempt ${newest.attempt}`] : []),
      ...(entered > 1 ? [steps.some(({ item }) => item !== null) ? `${entered} items` : `${entered} times`] : []),
      ...(map === undefined ? [] : mapNotes(map)),
    ],
  };
}

function statusOf(status: string | undefined): StateMark['status'] {
  if (status === undefined) return 'done';
  if (isFailed(status)) return 'failed';
  return status === 'cancelled' ? 'cancelled' : 'done';
}

const mapNotes = (map: Run['maps'][number]): readonly string[] => [
  `${map.succeeded} of ${map.total} items`,
  ...(map.failed === 0 ? [] : [`${map.failed} failed`]),
  ...(map.running === 0 ? [] : [`${map.running} at work`]),
];
