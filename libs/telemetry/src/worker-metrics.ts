import { boundedLabel } from './bounded-label.js';
import { Counter, Gauge, Histogram, type Registry } from './prom.js';

const TASK_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600];
const CALL_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** A call of a model that came to an end, whatever that was. */
interface ModelCallFacts {
  readonly provider: string;
  readonly model: string;
  /** `ok`, or why not: `limited` is a server that asked to be left alone for a while. */
  readonly outcome: 'ok' | 'limited' | 'unusable' | 'failed';
  readonly seconds: number;
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cacheReadTokens: number;
    readonly cacheWriteTokens: number;
  } | null;
  /** Null where no price is known, or nothing was paid. */
  readonly costUsd: number | null;
}

/** What a process with workers counts. */
export interface WorkerMetrics {
  /** So many tasks at once may be done. */
  readonly slots: (kind: string, count: number) => void;
  readonly taskBegun: (kind: string) => void;
  readonly taskEnded: (kind: string, outcome: 'succeeded' | 'failed' | 'let-go', seconds: number) => void;
  readonly modelCall: (facts: ModelCallFacts) => void;
  readonly commandRun: (driver: string, outcome: string, seconds: number) => void;
}

const known = new WeakMap<Registry, WorkerMetrics>();

/** The same ones however often they are asked for: a process may have several workers. */
export function workerMetrics(register: Registry): WorkerMetrics {
  const made = known.get(register) ?? makeMetrics(register);
  known.set(register, made);
  return made;
}

function makeMetrics(register: Registry): WorkerMetrics {
  const registers = [register];
  const modelOf = boundedLabel();
  const slots = new Gauge({
    name: 'baton_worker_slots',
    help: 'Tasks that this process does at the same time at most.',
    labelNames: ['kind'],
    registers,
  });
  const inWork = new Gauge({
    name: 'baton_worker_tasks_in_work',
    help: 'Tasks that this process has in work.',
    labelNames: ['kind'],
    registers,
  });
  const tasks = new Histogram({
    name: 'baton_worker_task_duration_seconds',
    help: 'Tasks that were done, by kind of worker and what came of them.',
    labelNames: ['kind', 'outcome'],
    buckets: TASK_SECONDS,
    registers,
  });
  const calls = new Histogram({
    name: 'baton_model_call_duration_seconds',
    help: 'Calls of models. The outcome limited is a server that asked to be left alone for a while (429, 529).',
    labelNames: ['provider', 'model', 'outcome'],
    buckets: CALL_SECONDS,
    registers,
  });
  const tokens = new Counter({
    name: 'baton_model_tokens_total',
    help: 'Tokens that were paid, by type: input, output, cache_read, cache_write; the four do not overlap.',
    labelNames: ['model', 'type'],
    registers,
  });
  const cost = new Counter({
    name: 'baton_model_cost_usd_total',
    help: 'What calls of models cost, where the price is known.',
    labelNames: ['model'],
    registers,
  });
  const commands = new Histogram({
    name: 'baton_sandbox_command_duration_seconds',
    help: 'Commands that were executed in a sandbox, by its driver and how they ended.',
    labelNames: ['driver', 'outcome'],
    buckets: TASK_SECONDS,
    registers,
  });
  return {
    slots: (kind, count) => slots.set({ kind }, count),
    taskBegun: (kind) => inWork.inc({ kind }),
    taskEnded: (kind, outcome, seconds) => {
      inWork.dec({ kind });
      tasks.observe({ kind, outcome }, seconds);
    },
    modelCall: ({ provider, model: name, outcome, seconds, usage, costUsd }) => {
      const model = modelOf(name);
      calls.observe({ provider, model, outcome }, seconds);
      if (usage !== null) {
        tokens.inc({ model, type: 'input' }, usage.inputTokens);
        tokens.inc({ model, type: 'output' }, usage.outputTokens);
        tokens.inc({ model, type: 'cache_read' }, usage.cacheReadTokens);
        tokens.inc({ model, type: 'cache_write' }, usage.cacheWriteTokens);
      }
      if (costUsd !== null) cost.inc({ model }, costUsd);
    },
    commandRun: (driver, outcome, seconds) => commands.observe({ driver, outcome }, seconds),
  };
}
