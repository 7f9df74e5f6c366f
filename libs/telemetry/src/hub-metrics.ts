import { boundedLabel } from './bounded-label.js';
import { Counter, Histogram, type Registry } from './prom.js';

/** From a tenth of a millisecond on: a decision on cached state takes about as long. */
const FAST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const BATCHES = [1, 2, 5, 10, 20, 50, 100, 200];

/** What an orchestrator counts. Told of once a batch, and not once a message, where that can be. */
export interface HubMetrics {
  /** A batch was written, or could not be. */
  readonly appended: (batch: { readonly advances: number; readonly seconds: number; readonly ok: boolean }) => void;
  /** Messages were decided, in so many seconds for all of them. */
  readonly decided: (seconds: number) => void;
  /** What became of messages of one kind of order. */
  readonly settled: (order: string, outcome: 'committed' | 'ignored', count: number) => void;
  readonly events: (count: number) => void;
  readonly ended: (workflow: string, status: string) => void;
}

export function hubMetrics(register: Registry): HubMetrics {
  const registers = [register];
  const workflowOf = boundedLabel();
  const messages = new Counter({
    name: 'baton_hub_messages_total',
    help: 'Messages about runs, by what they told and what became of them. Results of tasks are CompleteTask and FailTask.',
    labelNames: ['order', 'outcome'],
    registers,
  });
  const events = new Counter({
    name: 'baton_hub_events_total',
    help: 'Events that were written to the log.',
    registers,
  });
  const turns = new Histogram({
    name: 'baton_hub_turn_duration_seconds',
    help: 'Deciding what was taken at one time, before it is written.',
    buckets: FAST_SECONDS,
    registers,
  });
  const appends = new Histogram({
    name: 'baton_hub_append_duration_seconds',
    help: 'Writing a batch to the log.',
    buckets: FAST_SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'baton_hub_append_failures_total',
    help: 'Batches that were not written as they were: a conflict, or a database that did not take them. They come again.',
    registers,
  });
  const sizes = new Histogram({
    name: 'baton_hub_batch_size',
    help: 'Runs that were taken further in one transaction.',
    buckets: BATCHES,
    registers,
  });
  const runs = new Counter({
    name: 'baton_runs_ended_total',
    help: 'Runs that ended, by workflow (the first fifty of a process, then other) and how.',
    labelNames: ['workflow', 'status'],
    registers,
  });
  return {
    appended: ({ advances, seconds, ok }) => {
      appends.observe(seconds);
      if (ok) sizes.observe(advances);
      else failures.inc();
    },
    decided: (seconds) => turns.observe(seconds),
    settled: (order, outcome, count) => messages.inc({ order, outcome }, count),
    events: (count) => events.inc(count),
    ended: (workflow, status) => runs.inc({ workflow: workflowOf(workflow), status }),
  };
}
