import type { RunEvent } from '../run-events.js';
import { attemptOf, settle } from './attempts.js';
import { dataIn, type EventData, listIn, numberIn, textIn, timeIn } from './event-data.js';
import type { RunStory } from './story.js';
import { beginFrame, beginTelling, endFrame, enter, leave, type OpenVisit, type Telling, takeOver } from './telling.js';

/** One pass over the log. @param events of one run, in order from its first */
export function tellStory(events: readonly RunEvent[]): RunStory {
  const told = beginTelling();
  for (const event of events) {
    const data = dataIn(event.data);
    told.atMs = Date.parse(event.recordedAt);
    const visit = told.visits.get(numberIn(data, 'visit') ?? -1);
    if (aboutStates(told, event, data, visit) || aboutRun(told, event, data)) continue;
    aboutAttempts(told, event, data, visit);
  }
  const { root, attempts, instantVisits, pauses, atMs } = told;
  const first = events[0];
  const span =
    first === undefined ? { firstMs: null, lastMs: null } : { firstMs: Date.parse(first.recordedAt), lastMs: atMs };
  return { visits: root.visits, attempts, instantVisits, pauses, ...span };
}

type Seen = Pick<RunEvent, 'type' | 'version'>;

/** @returns whether the event was one of these */
function aboutStates(told: Telling, { type, version }: Seen, data: EventData, visit: OpenVisit | undefined): boolean {
  const frame = numberIn(data, 'frame');
  switch (type) {
    case 'FrameStarted':
      beginFrame(told, frame ?? 0, dataIn(data.parent));
      return true;
    case 'StateEntered': {
      const entry = { visit: numberIn(data, 'visit') ?? -1, state: textIn(data, 'state') ?? '?', version };
      const enteredMs = timeIn(data, 'enteredAt') ?? told.atMs;
      enter(told, told.frames.get(frame ?? 0) ?? told.root, { ...entry, enteredMs });
      return true;
    }
    case 'MapStarted':
      if (visit !== undefined) visit.items = itemsOf(data);
      return true;
    case 'StateFailed':
      if (visit !== undefined) visit.inFrame.hasFailed = true;
      leave(told, visit);
      return true;
    case 'StateExited':
    case 'ErrorCaught':
      leave(told, visit);
      return true;
    case 'FrameEnded':
      endFrame(told, frame, 'succeeded');
      return true;
    case 'FrameAborted':
      endFrame(told, frame, 'cancelled');
      return true;
    default:
      return false;
  }
}

/** @returns whether the event was one of these */
function aboutRun(told: Telling, { type, version }: Seen, data: EventData): boolean {
  switch (type) {
    case 'RunForked':
    case 'RunRetried':
      endPause(told);
      takeOver(told, data, version);
      return true;
    case 'RunPaused':
      told.pauses.push({ fromMs: told.atMs, toMs: null });
      return true;
    case 'RunResumed':
      endPause(told);
      return true;
    case 'RunSucceeded':
    case 'RunFailed':
    case 'RunCancelled':
      endPause(told);
      for (const each of told.open.values()) settle(each, 'CommandCancelled', version, told.atMs, {});
      told.open.clear();
      for (const each of told.visits.values()) each.leftMs ??= told.atMs;
      // It may be retried.
      if (type === 'RunFailed') told.pauses.push({ fromMs: told.atMs, toMs: null });
      return true;
    default:
      return false;
  }
}

function endPause({ pauses, atMs }: Telling): void {
  const pause = pauses.at(-1);
  if (pause !== undefined) pause.toMs ??= atMs;
}

function aboutAttempts(told: Telling, { type, version }: Seen, data: EventData, visit: OpenVisit | undefined): void {
  const { atMs, open } = told;
  const begun = attemptOf(type, data, { version, atMs, visit });
  if (begun !== null) {
    open.set(begun.commandId, begun);
    told.attempts.push(begun);
    visit?.attempts.push(begun);
    return;
  }
  const ended = open.get(textIn(data, 'commandId') ?? '');
  if (ended !== undefined && settle(ended, type, version, atMs, data)) open.delete(ended.commandId);
}

const MOST_OF_NAME = 60;

/** What people would call the items of a Map: the names of members, and texts and numbers that are short. */
function itemsOf(data: EventData): readonly (string | null)[] {
  const keys = listIn(data, 'keys');
  return listIn(data, 'items').map((item, place) => {
    const name = keys[place] ?? dataIn(item).name ?? item;
    const isShort = (typeof name === 'string' && name.length <= MOST_OF_NAME) || typeof name === 'number';
    return isShort ? String(name) : null;
  });
}
