import { ErrorName, type ItemReader, type Json, type JsonObject, type MapState, type ResultWriter } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import { ITEMS_RESOURCE } from '../../document/item-resource.js';
import type { VisitState } from '../../state/run-state.js';
import {
  type Evaluated,
  evaluateIn,
  type FailedVisit,
  type Failure,
  failedVisit,
  failureIn,
  payloadIn,
} from '../data/evaluation.js';
import { inputOf } from '../data/paths.js';
import { quantityIn, SIZE } from '../data/quantity.js';
import { abortBranches, abortCommand } from '../turn/abort.js';
import { taskDeadline } from '../turn/time-limit.js';
import { emit, queryLanguageOf, type Turn } from '../turn/turn.js';
import { unwritable } from './unwritable.js';

/*
 * What a Map does outside of the run is a task: a worker reads its items and keeps them as blobs, gives them page by page, and
 * writes its results. So the run decides on what its log says, and nothing is read again when it is replayed.
 */

/** Has the items read. The Map begins with the answer: how many there are, and what names them. */
export async function askForItems(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  reader: ItemReader,
): Promise<FailedVisit | null> {
  const given = await givenTo(turn, visit, state, 'ItemReader', reader);
  if (!given.ok) return failedVisit(visit, given.failure);
  const { MaxItems: _, MaxItemsPath: __, ...config } = reader.ReaderConfig ?? {};
  const most = await quantityIn(turn, visit, state, 'MaxItems', SIZE, reader.ReaderConfig ?? {});
  if (!most.ok) return failedVisit(visit, most.failure);
  const batch = await quantityIn(turn, visit, state, 'MaxItemsPerBatch', SIZE, state.ItemBatcher ?? {});
  if (!batch.ok) return failedVisit(visit, batch.failure);
  const mostBytes = await quantityIn(turn, visit, state, 'MaxInputBytesPerBatch', SIZE, state.ItemBatcher ?? {});
  if (!mostBytes.ok) return failedVisit(visit, mostBytes.failure);
  const writer = await writerOf(turn, visit, state);
  if (!writer.ok) return failedVisit(visit, writer.failure);
  const attempt = visit.attempts + 1;
  ask(turn, visit, attempt, {
    do: 'read',
    resource: reader.Resource,
    arguments: given.value,
    config: { ...config, ...(most.value === null ? {} : { MaxItems: most.value }) },
    // A batch has items of one page. Where its bytes bound it, nobody knows how many it will have.
    ...(batch.value === null || mostBytes.value !== null ? {} : { batch: batch.value }),
    // Where results cannot go is said before the first item begins.
    ...(writer.value === null ? {} : { writer: writer.value }),
  });
  return null;
}

async function writerOf(turn: Turn, visit: VisitState, state: MapState): Promise<Evaluated<JsonObject | null>> {
  const writer = state.ResultWriter;
  if (writer?.Resource === undefined) return { ok: true, value: null };
  const given = await givenTo(turn, visit, state, 'ResultWriter', writer);
  return given.ok ? { ok: true, value: { resource: writer.Resource, arguments: given.value } } : given;
}

/** Has the next page of items fetched, unless that is under way. */
export function askForPage(turn: Turn, visit: VisitState): void {
  const { source } = visit.map ?? {};
  if (source === undefined || visit.command !== null) return;
  ask(turn, visit, Math.max(1, visit.attempts), { do: 'page', items: source.sha256, page: source.page });
}

/** Has the results written, unless that is under way. What is written twice is written to the same place. */
export async function askToWrite(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  writer: ResultWriter & { readonly Resource: string },
): Promise<FailedVisit | null> {
  if (visit.command !== null) return null;
  const given = await givenTo(turn, visit, state, 'ResultWriter', writer);
  if (!given.ok) return failedVisit(visit, given.failure);
  const problem = unwritable(visit, given.value);
  if (problem !== null) return failUnwritable(turn, visit, problem);
  const numbers = Array.from({ length: visit.map?.begun ?? 0 }, (_, index) => index);
  const succeeded = numbers.flatMap((index) => {
    const output = visit.outputs.get(index);
    return output === undefined ? [] : [{ index, output }];
  });
  const items = state.ItemBatcher === undefined ? visit.map?.source?.sha256 : undefined;
  ask(turn, visit, Math.max(1, visit.attempts), {
    do: 'write',
    resource: writer.Resource,
    arguments: given.value,
    config: { ...writer.WriterConfig },
    mapRun: mapRunOf(turn, visit),
    succeeded,
    failed: numbers.filter((index) => !visit.outputs.has(index)),
    ...(items === undefined ? {} : { items }),
  });
  return null;
}

/** What a state gives whose results were written. */
export const writtenResult = (turn: Turn, visit: VisitState, written: Json): JsonObject => ({
  MapRunArn: mapRunOf(turn, visit),
  ResultWriterDetails: written,
});

const mapRunOf = ({ runId }: Turn, { visit }: VisitState): string => `${runId}:${visit}`;

/** A worker could not do what a Map asked for: the state fails, and what of it runs is given up. */
export function failMapTask(turn: Turn, visit: VisitState, { error, cause, isRetryable }: Failure): FailedVisit {
  const isWriting = (visit.map !== null && isThrough(visit)) || error === ErrorName.resultWriterFailed;
  const own = isWriting ? ErrorName.resultWriterFailed : ErrorName.itemReaderFailed;
  abortBranches(turn, visit, isWriting ? 'the results could not be written' : 'the items could not be read');
  return failedVisit(visit, { error: own, cause: error === own ? cause : `${error}: ${cause}`, isRetryable });
}

/** The outputs that a Map has can never be written: what of it runs is given up. */
export function failUnwritable(turn: Turn, visit: VisitState, problem: string): FailedVisit {
  const reason = 'the results cannot be written';
  abortCommand(turn, visit, reason);
  abortBranches(turn, visit, reason);
  return failedVisit(visit, { ...failureIn(visit, ErrorName.resultWriterFailed, problem), isRetryable: false });
}

/** Whether every item of a Map has come to its end. */
export function isThrough({ map, outputs }: VisitState): boolean {
  if (map === null) return false;
  const ended = outputs.size + map.failed;
  const { source } = map;
  if (source === undefined) return ended >= map.items.length;
  return source.page >= source.pages && source.taken >= source.held.length && ended >= map.begun;
}

/** @param attempt of the state: a page is fetched, and results are written, in the one that it has begun */
function ask(turn: Turn, visit: VisitState, attempt: number, given: JsonObject): void {
  emit(turn, {
    type: 'TaskScheduled',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      resource: ITEMS_RESOURCE,
      arguments: given,
      attempt,
      notBefore: null,
      deadline: taskDeadline(turn, null),
      heartbeatSeconds: null,
    },
  });
}

async function givenTo(
  turn: Turn,
  visit: VisitState,
  state: MapState,
  field: 'ItemReader' | 'ResultWriter',
  { Arguments, Parameters }: ItemReader | ResultWriter,
): Promise<Evaluated<Json>> {
  if (queryLanguageOf(turn, visit, state) === 'JSONata') return evaluateIn(turn, visit, field, Arguments ?? {});
  const input = await inputOf(turn, visit, state);
  return input.ok ? payloadIn(turn, visit, field, Parameters ?? {}, input.value) : input;
}
