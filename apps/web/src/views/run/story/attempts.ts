import { dataIn, type EventData, numberIn, textIn, timeIn } from './event-data.js';
import type { Attempt, AttemptKind, AttemptStatus } from './story.js';

/** An attempt while the story is told: its end comes later. */
export type OpenAttempt = { -readonly [K in keyof Attempt]: Attempt[K] };

interface Place {
  readonly version: number;
  readonly atMs: number;
  readonly visit: { readonly visit: number; readonly state: string } | undefined;
}

/** `baton:worker:planner` is a task, and about `planner`. */
function askedFor(resource: string): { readonly kind: AttemptKind; readonly about: string } {
  const [, first = '', ...rest] = resource.split(':');
  const about = rest.join(':');
  switch (first) {
    case 'approval':
      return { kind: 'person', about: 'a person' };
    case 'signal':
      return { kind: 'signal', about };
    case 'workflow':
      return { kind: 'run', about };
    default:
      return { kind: 'task', about: about === '' ? resource : about };
  }
}

/** The attempt that begins with an event; null where none does. */
export function attemptOf(type: string, data: EventData, { version, atMs, visit }: Place): OpenAttempt | null {
  const asked = askedOf(type, data);
  const commandId = textIn(data, 'commandId');
  if (asked === null || commandId === null) return null;
  const notBeforeMs = timeIn(data, type === 'TimerScheduled' ? 'dueAt' : 'notBefore');
  const isHeldBack = type === 'TaskScheduled' && notBeforeMs !== null && notBeforeMs > atMs;
  return {
    ...{ commandId, ...asked, version, endVersion: null, notBeforeMs },
    ...{ state: visit?.state ?? '?', visit: visit?.visit ?? numberIn(data, 'visit') ?? -1 },
    attempt: numberIn(data, 'attempt') ?? 1,
    scheduledMs: atMs,
    startMs: isHeldBack ? notBeforeMs : atMs,
    ...{ endMs: null, status: 'open', error: null, cause: null, model: null },
  };
}

function askedOf(type: string, data: EventData): { readonly kind: AttemptKind; readonly about: string } | null {
  switch (type) {
    case 'TaskScheduled':
      return askedFor(textIn(data, 'resource') ?? '');
    case 'TimerScheduled':
      return { kind: 'timer', about: 'a time' };
    case 'AdviceRequested':
      return { kind: 'advice', about: 'the advisor' };
    default:
      return null;
  }
}

const ENDS: Readonly<Record<string, AttemptStatus>> = {
  TaskSucceeded: 'succeeded',
  AdviceGiven: 'succeeded',
  TimerFired: 'succeeded',
  TaskFailed: 'failed',
  AdviceFailed: 'failed',
  TaskTimedOut: 'timed-out',
  TaskAsked: 'asked',
  CommandCancelled: 'cancelled',
};

/** @returns whether the event ends the attempt: others only tell of it */
export function settle(attempt: OpenAttempt, type: string, version: number, atMs: number, data: EventData): boolean {
  const status = type === 'ApprovalDecided' ? answerOf(data) : ENDS[type];
  if (status === undefined) return false;
  attempt.status = status;
  attempt.endVersion = version;
  attempt.endMs = Math.max(atMs, attempt.scheduledMs);
  // Given up before it was to begin.
  attempt.startMs = Math.min(attempt.startMs, attempt.endMs);
  attempt.error = textIn(data, 'error');
  attempt.cause = textIn(data, 'cause') ?? textIn(data, 'reason');
  attempt.model = textIn(data, 'model') ?? textIn(dataIn(data.usage), 'model');
  return true;
}

const answerOf = (data: EventData): AttemptStatus => (textIn(data, 'decision') === 'reject' ? 'failed' : 'succeeded');
