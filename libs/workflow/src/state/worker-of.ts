import type { CommandId, WorkerKind } from '@baton/contracts';
import { workerKindOf } from '../document/resource.js';
import type { RunState } from './run-state.js';

/** Which kind of worker an open command was sent to; null for any other command, and for one that is not open. */
export function workerOf(run: RunState, commandId: CommandId): WorkerKind | null {
  if (run.status === 'new') return null;
  return workerKindOf(run.commands.get(commandId)?.resource ?? '');
}
