import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, type RunView } from '@baton/contracts';
import type { SandboxChoice } from '@baton/sandbox';
import { getResult, getRun } from '../commands/watch-run.js';
import type { Gateway } from '../gateway/gateway.js';
import { failuresOf } from './check-result.js';
import type { Cell } from './matrix.js';
import type { Outcome } from './outcome.js';

const POLL_MS = 500;
/** How long a run that is cancelled may take to end. */
const CANCEL_PATIENCE_MS = 30_000;

export interface RunCellPorts {
  readonly gateway: Gateway;
  /** Of the evaluation. */
  readonly name: string;
  /** The workflow of each task: name@version. */
  readonly workflowOf: (cell: Cell) => string;
  readonly sandbox: SandboxChoice;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * Has one run made and looks at what came of it. The request id is the cell's: a second call finds the run of the first one.
 * A run that waits for a person, or takes longer than its task may, is cancelled and counts as failed. Throws what the gateway
 * throws, and where the signal was aborted.
 */
export async function runCell(cell: Cell, ports: RunCellPorts): Promise<Outcome> {
  const { gateway, name, workflowOf, signal } = ports;
  const { task, model, variant, templates, repetition } = cell;
  const agents = {
    ...(model === null ? {} : { model }),
    ...(Object.keys(templates).length === 0 ? {} : { templates }),
  };
  const labels = { eval: name, task: task.id, variant, repetition: String(repetition) };
  const body = {
    requestId: `eval-${name}-${cell.key}`,
    workflow: workflowOf(cell),
    input: task.input,
    labels,
    ...(Object.keys(agents).length === 0 ? {} : { agents }),
    ...(task.decisions === undefined ? {} : { decisions: task.decisions }),
    ...(task.budget === undefined ? {} : { budget: task.budget }),
  };
  const { runId } = await gateway.post('/v1/runs', { body, signal });
  const { run, failure } = await endOf(runId, task.timeoutSeconds * 1000, ports);
  return {
    key: cell.key,
    ...{ task: task.id, model, variant, repetition, runId, status: run.status },
    ...(await judged(run, failure, cell, ports)),
    models: run.models,
    usage: run.usage,
    rounds: Object.values(run.rounds).reduce((sum, each) => sum + each, 0),
    durationMs: run.endedAt === null ? 0 : Date.parse(run.endedAt) - Date.parse(run.startedAt),
  };
}

async function judged(
  run: RunView,
  failure: string | null,
  { task }: Cell,
  { gateway, sandbox, signal }: RunCellPorts,
): Promise<Pick<Outcome, 'success' | 'failures'>> {
  if (failure !== null) return { success: false, failures: [failure] };
  if (run.status !== 'succeeded') {
    return { success: false, failures: [`the run ${run.status}: ${run.error ?? ''} ${run.cause ?? ''}`.trim()] };
  }
  const result = await getResult(gateway, run.runId, signal);
  const failures = await failuresOf(result.output ?? null, task.checks, sandbox, signal);
  return { success: failures.length === 0, failures: [...failures] };
}

const isOver = ({ status }: RunView): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

/** Waits for the end of a run, or makes one. `failure` says why it had to be made. */
async function endOf(
  runId: string,
  timeoutMs: number,
  { gateway, monotonicMs, signal }: RunCellPorts,
): Promise<{ readonly run: RunView; readonly failure: string | null }> {
  const look = (): Promise<RunView> => getRun(gateway, runId, signal);
  const untilMs = monotonicMs() + timeoutMs;
  let run = await look();
  let failure: string | null = null;
  while (!isOver(run) && failure === null) {
    const asks = run.waitingFor.find(({ kind }) => kind === 'approval');
    if (asks !== undefined) failure = `it asks a person, in ${asks.state}`;
    else if (monotonicMs() > untilMs) failure = `it took longer than ${timeoutMs / 1000} s`;
    else {
      await sleep(POLL_MS, undefined, { signal });
      run = await look();
    }
  }
  if (failure === null) return { run, failure };
  const params = { path: { id: runId } };
  const body = { requestId: `eval-cancel-${runId}`, reason: `Its evaluation is over: ${failure}.` };
  await gateway.post('/v1/runs/{id}/cancel', { params, body, signal }).catch((thrown: unknown) => {
    // It has ended in between.
    if (!(thrown instanceof BatonError) || thrown.code !== 'run-ended') throw thrown;
  });
  const patienceMs = monotonicMs() + CANCEL_PATIENCE_MS;
  while (!isOver(run) && monotonicMs() < patienceMs) {
    await sleep(POLL_MS, undefined, { signal });
    run = await look();
  }
  return { run, failure };
}
