import type { LoopOutcome } from '../closed-loop.js';
import { quantile } from '../result.js';

export const ENGINE_IDS = ['baton-redis', 'baton-postgres', 'dbos', 'restate', 'langgraph'] as const;
export type EngineId = (typeof ENGINE_IDS)[number];

export const TITLES: Readonly<Record<EngineId, string>> = {
  'baton-redis': 'Baton, Redis',
  'baton-postgres': 'Baton, Postgres',
  dbos: 'DBOS',
  restate: 'Restate',
  langgraph: 'LangGraph',
};

/** A load that engines are put under, and the one figure that is read off. */
export interface Point {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly inFlight: number;
  readonly steps: number;
  readonly engines: readonly EngineId[];
  /** Whether a smaller figure is the better one. */
  readonly isLatency: boolean;
}

const WORKFLOW_ENGINES: readonly EngineId[] = ['baton-redis', 'baton-postgres', 'dbos', 'restate'];
const WITH_GRAPHS: readonly EngineId[] = ['baton-redis', 'baton-postgres', 'langgraph'];

const latency = (inFlight: number, steps: number) => ({ inFlight, steps, unit: 'ms', isLatency: true });
const rate = (inFlight: number, steps: number, unit: string) => ({ inFlight, steps, unit, isLatency: false });

export const POINTS: readonly Point[] = [
  { id: 'c1x3', title: '1 run at a time, 3 steps, median', ...latency(1, 3), engines: WORKFLOW_ENGINES },
  { id: 'c16x3', title: '16 runs at a time, 3 steps', ...rate(16, 3, 'runs/s'), engines: WORKFLOW_ENGINES },
  { id: 'c32x5', title: '32 runs at a time, 5 steps', ...rate(32, 5, 'steps/s'), engines: WORKFLOW_ENGINES },
  { id: 'n1x5', title: '1 run at a time, 5 nodes, median', ...latency(1, 5), engines: WITH_GRAPHS },
  { id: 'n8x5', title: '8 runs at a time, 5 nodes', ...rate(8, 5, 'steps/s'), engines: WITH_GRAPHS },
];

/** The figure of a point, from what the loop gave. NaN where no run ended in time. */
export function figureOf(point: Point, { runs, seconds, latenciesMs }: LoopOutcome): number {
  if (point.isLatency) return quantile(latenciesMs, 0.5);
  return runs === 0 ? Number.NaN : (runs * (point.unit === 'steps/s' ? point.steps : 1)) / seconds;
}

/** What Baton is to reach at a point, as a multiple of the best of some peers. */
export interface Target {
  readonly point: string;
  readonly engine: EngineId;
  readonly peers: readonly EngineId[];
  readonly factor: number;
}

export const TARGETS: readonly Target[] = [
  { point: 'c1x3', engine: 'baton-redis', peers: ['restate'], factor: 1 },
  { point: 'c1x3', engine: 'baton-postgres', peers: ['restate'], factor: 1.5 },
  { point: 'c16x3', engine: 'baton-redis', peers: ['dbos', 'restate'], factor: 1.25 },
  { point: 'c16x3', engine: 'baton-postgres', peers: ['dbos'], factor: 0.75 },
  { point: 'c32x5', engine: 'baton-redis', peers: ['restate'], factor: 1 },
  { point: 'c32x5', engine: 'baton-postgres', peers: ['dbos'], factor: 0.6 },
  { point: 'n1x5', engine: 'baton-redis', peers: ['langgraph'], factor: 1 },
  { point: 'n1x5', engine: 'baton-postgres', peers: ['langgraph'], factor: 1 },
  { point: 'n8x5', engine: 'baton-redis', peers: ['langgraph'], factor: 2 },
  { point: 'n8x5', engine: 'baton-postgres', peers: ['langgraph'], factor: 1 },
];
