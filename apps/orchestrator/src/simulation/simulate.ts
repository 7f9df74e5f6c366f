import type { Mutant } from './mutants/mutant.js';
import { knowDocuments } from './parts/known-documents.js';
import { Simulation } from './simulation.js';
import type { Schedule } from './world/choices.js';
import { underClockwork } from './world/clockwork.js';
import type { EventRow } from './world/database/tables.js';

export interface SimulationResult {
  readonly seed: number;
  /** What went wrong, or null. */
  readonly problem: string | null;
  /** The faults that happened, in their order. */
  readonly faults: readonly string[];
  readonly steps: number;
  /** Simulated time. */
  readonly elapsedMs: number;
  /** The whole log, times and ids included. */
  readonly log: readonly EventRow[];
}

/** Runs one schedule. Meanwhile the clocks, timers and random numbers of this process are those of the simulation. */
export async function simulate(schedule: Schedule, mutant: Mutant | null = null): Promise<SimulationResult> {
  await knowDocuments();
  const simulation = new Simulation(schedule, mutant);
  const { clockwork, choices, tables } = simulation;
  const problem = await underClockwork(clockwork, () => simulation.run());
  return {
    seed: schedule.seed,
    problem,
    faults: choices.taken,
    steps: clockwork.steps,
    elapsedMs: Math.round(clockwork.nowMs),
    log: tables.events,
  };
}
