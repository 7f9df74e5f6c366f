import { ErrorName } from '@baton/asl';
import type { Json } from '@baton/contracts';
import { ITEMS_RESOURCE } from '../document/item-resource.js';
import type { RunEventOf } from '../events/run-event.js';
import { hasPageLeft, type MapProgress, sourceOf } from '../state/map-progress.js';
import type { CommandState, Pending, StartedRun, VisitState } from '../state/run-state.js';

/* How a Map goes through its items. */

/** What a Map begins with. */
export function progressOf({ visit: _, source, ...items }: RunEventOf<'MapStarted'>['data']): MapProgress {
  const read = source === undefined ? {} : { source: sourceOf(source) };
  return { ...items, ...read, begun: 0, failed: 0 };
}

/** A frame of the Map begins: with the next item, or with a batch of so many, which is what it is given. */
export function withBegun(
  map: MapProgress | null,
  branch: number,
  { items: size, input }: Pick<RunEventOf<'FrameStarted'>['data'], 'items' | 'input'>,
): MapProgress | null {
  if (map === null) return null;
  const begun = Math.max(map.begun, branch + 1);
  const { source } = map;
  if (source === undefined) return { ...map, begun };
  const item = size === undefined ? (source.held[source.taken] ?? null) : input;
  const items = size ?? 1;
  const running = source.running.set(branch, { item, items });
  // Of a Map that is gone on with from an old copy nobody knows what the batches before it had.
  const before = map.begun === 0 ? 0 : source.begunItems;
  const counted = size === undefined || before === undefined ? {} : { begunItems: before + size };
  return { ...map, begun, source: { ...source, taken: source.taken + items, running, ...counted } };
}

/** A frame of the Map has ended; `hasFailed`: without output, and that is tolerated. */
export function withEnded(map: MapProgress | null, branch: number, hasFailed: boolean): MapProgress | null {
  if (map === null) return null;
  const failed = map.failed + (hasFailed ? 1 : 0);
  const { source } = map;
  if (source === undefined) return { ...map, failed };
  const failedItems = source.failedItems + (hasFailed ? (source.running.get(branch)?.items ?? 1) : 0);
  return { ...map, failed, source: { ...source, running: source.running.delete(branch), failedItems } };
}

/** What a visit goes on with once its task has answered: a page of items is taken at once, whether the run is paused or not. */
export function toldByTask(
  { visits }: StartedRun,
  command: CommandState | undefined,
  output: Json,
): { readonly pending: Pending | null; readonly map?: MapProgress } {
  const told: Pending = { type: 'result', output };
  const map = visits.get(command?.visit ?? -1)?.map ?? null;
  if (command?.resource !== ITEMS_RESOURCE || map?.source === undefined || !hasPageLeft(map)) return { pending: told };
  const held = isList(output) ? output : null;
  if (held === null || held.length === 0) return { pending: NO_PAGE };
  return { pending: null, map: { ...map, source: { ...map.source, page: map.source.page + 1, held, taken: 0 } } };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const NO_PAGE: Pending = {
  type: 'failure',
  error: ErrorName.itemReaderFailed,
  cause: 'What was given for a page of items is none.',
  isRetryable: false,
};

export const withMap = (visit: VisitState, map: MapProgress | undefined): VisitState =>
  map === undefined ? visit : { ...visit, map };
