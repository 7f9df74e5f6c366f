import type { EventView } from '@baton/contracts';
import type { RunOrigins } from './run-origins.js';

/** Which events of the log are wanted; what is absent chooses nothing. */
export interface LogFilter {
  readonly runId?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly workflow?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export async function isWanted(
  { runId, type }: EventView,
  filter: LogFilter,
  origins: Pick<RunOrigins, 'of'>,
): Promise<boolean> {
  if (filter.runId !== undefined && filter.runId !== runId) return false;
  if (filter.types !== undefined && !filter.types.includes(type)) return false;
  if (filter.workflow === undefined && filter.labels === undefined) return true;
  const origin = await origins.of(runId);
  if (origin === null || (filter.workflow !== undefined && origin.workflow !== filter.workflow)) return false;
  const labels = new Map(Object.entries(origin.labels));
  return Object.entries(filter.labels ?? {}).every(([name, value]) => labels.get(name) === value);
}
