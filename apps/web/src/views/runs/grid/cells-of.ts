import type { Schemas } from '../../../api/api.js';

type Step = Schemas['RunDetail']['steps'][number];

/** What became of one state in one run, over all its visits. */
export interface Cell {
  readonly state: string;
  readonly title: string;
  readonly status: Step['status'];
  readonly visits: number;
  /** Of its visits together; null while one goes on. */
  readonly durationMs: number | null;
}

export interface GridColumn {
  readonly state: string;
  readonly title: string;
  readonly step: number | null;
}

/** By their state. How the newest visit stands is how the state stands, but that items of a Map are looked at together. */
export function cellsOf(steps: readonly Step[]): ReadonlyMap<string, Cell> {
  const byState = Map.groupBy(steps, ({ state }) => state);
  return new Map(
    [...byState].map(([state, visits]) => {
      const durations = visits.map(({ durationMs }) => durationMs);
      const isOver = durations.every((ms) => ms !== null);
      return [
        state,
        {
          state,
          title: visits[0]?.title ?? state,
          status: statusOf(visits),
          visits: visits.length,
          durationMs: isOver ? durations.reduce((sum, ms) => sum + (ms ?? 0), 0) : null,
        },
      ];
    }),
  );
}

const WORST: readonly Step['status'][] = ['waiting', 'failed', 'timed-out', 'cancelled', 'succeeded'];

function statusOf(visits: readonly Step[]): Step['status'] {
  const newest = new Map(visits.map((visit) => [visit.item?.index ?? -1, visit.status]));
  const found = new Set(newest.values());
  return WORST.find((status) => found.has(status)) ?? 'succeeded';
}

/** All states that any of the runs came to: by the number of the step, then as they were first seen. */
export function columnsOf(runs: readonly (readonly Step[])[]): readonly GridColumn[] {
  const columns = new Map<string, GridColumn>();
  for (const steps of runs) {
    for (const { state, title, step } of steps) if (!columns.has(state)) columns.set(state, { state, title, step });
  }
  const last = Number.MAX_SAFE_INTEGER;
  return [...columns.values()].toSorted((a, b) => (a.step ?? last) - (b.step ?? last));
}
