import { machineAt } from '@baton/asl';
import type { CommandId, WorkerKind } from '@baton/contracts';
import { machineOfDocument } from './deciding/machine-cache.js';
import { workerKindOf } from './resource.js';
import type { RunState } from './state.js';

/** Which kind of worker an open command was sent to; null for a timer, and for a command that is not open. */
export function workerOf(run: RunState, commandId: CommandId): WorkerKind | null {
  if (run.status === 'new') return null;
  const visit = run.visits.get(run.commands.get(commandId)?.visit ?? -1);
  const frame = run.frames.get(visit?.frame ?? -1);
  const parsed = machineOfDocument(run.document);
  if (visit === undefined || frame === undefined || !parsed.ok) return null;
  const state = machineAt(parsed.machine, frame.machine)?.States[visit.state];
  return state?.Type === 'Task' ? workerKindOf(state.Resource) : null;
}
