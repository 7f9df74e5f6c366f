import type { EventView } from '@baton/contracts';
import { isInScope, type RunScope } from '@baton/read-model';
import type { RunOrigins } from './run-origins.js';

/** Which events of the log are wanted; what is absent chooses nothing. */
export interface LogFilter {
  readonly runId?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly workflow?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The runs that the caller has to do with, whatever else is chosen; null: all. */
  readonly scope: RunScope | null;
}

export async function isWanted(
  { runId, type }: EventView,
  filter: LogFilter,
  origins: Pick<RunOrigins, 'of'>,
): Promise<boolean> {
  if (filter.runId !== undefined && filter.runId !== runId) return false;
  if (filter.types !== undefined && !filter.types.includes(type)) return false;
  if (filter.workflow === undefined && filter.labels === undefined && filter.scope === null) return true;
  const origin = await origins.of(runId);
  if (origin === null || (filter.scope !== null && !isInScope(origin, filter.scope))) return false;
  if (filter.workflow !== undefined && origin.workflow !== filter.workflow) return false;
  const labels = new Map(Object.entries(origin.labels));
  return Object.entries(filter.labels ?? {}).every(([name, value]) => labels.get(name) === value);
}
