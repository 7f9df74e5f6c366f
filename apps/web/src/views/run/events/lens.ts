import type { RunEvent } from '../run-events.js';

/*
 * A log as it is read. The story leaves out what only the engine needs: that a state was left, that a branch began, that a
 * first task was sent right after its state was entered, and states that were left at once. How many that are is always said.
 */

export const LENSES = ['story', 'all', 'json'] as const;
export type Lens = (typeof LENSES)[number];

interface Filter {
  readonly lens: Lens;
  readonly type: string | undefined;
  readonly text: string;
}

interface Read {
  readonly shown: readonly RunEvent[];
  /** How many fit the filter and are left out by the lens. */
  readonly hidden: number;
}

const OF_THE_ENGINE: ReadonlySet<string> = new Set([
  'StateExited',
  'FrameStarted',
  'FrameEnded',
  'TimerScheduled',
  'CommandCancelled',
  'EngineChanged',
  'RunContinued',
  'TurnYielded',
  'TurnResumed',
]);

/** A member of what the event says. */
export function saidIn({ data }: RunEvent, name: string): unknown {
  if (typeof data !== 'object' || data === null) return undefined;
  return Object.entries(data).find(([member]) => member === name)?.[1];
}

export function visitOf(event: RunEvent): number | null {
  const visit = saidIn(event, 'visit');
  return typeof visit === 'number' ? visit : null;
}

/** The state of each visit. */
export function statesOf(events: readonly RunEvent[]): ReadonlyMap<number, string> {
  const states = new Map<number, string>();
  for (const event of events) {
    const visit = visitOf(event);
    const state = saidIn(event, 'state');
    if (event.type === 'StateEntered' && visit !== null && typeof state === 'string') states.set(visit, state);
  }
  return states;
}

/** Visits in which nothing happened before they were left. */
function leftAtOnce(events: readonly RunEvent[]): ReadonlySet<number> {
  const quiet = new Set<number>();
  const left = new Set<number>();
  for (const event of events) {
    const visit = visitOf(event);
    if (visit === null) continue;
    if (event.type === 'StateEntered') quiet.add(visit);
    else if (event.type === 'StateExited') left.add(visit);
    else quiet.delete(visit);
  }
  return new Set([...quiet].filter((visit) => left.has(visit)));
}

/** Whether an event is for readers. */
function isTold(event: RunEvent, quiet: ReadonlySet<number>): boolean {
  if (event.type === 'StateEntered') return !quiet.has(visitOf(event) ?? -1);
  if (event.type === 'TaskScheduled') return saidIn(event, 'attempt') !== 1;
  return !OF_THE_ENGINE.has(event.type);
}

const actorOf = ({ actor }: RunEvent): string => `${actor.type} ${actor.id}`;

function fits(event: RunEvent, type: string | undefined, wanted: string, states: ReadonlyMap<number, string>): boolean {
  if (type !== undefined && event.type !== type) return false;
  if (wanted === '') return true;
  const state = states.get(visitOf(event) ?? -1) ?? '';
  return [event.type, event.summary, actorOf(event), state, event.eventId, event.causationId ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

/** What is shown of a log, and how much the lens leaves out. */
export function readLog(events: readonly RunEvent[], { lens, type, text }: Filter): Read {
  const states = statesOf(events);
  const wanted = text.trim().toLowerCase();
  const fitting = events.filter((event) => fits(event, type, wanted, states));
  if (lens !== 'story') return { shown: fitting, hidden: 0 };
  const quiet = leftAtOnce(events);
  const shown = fitting.filter((event) => isTold(event, quiet));
  return { shown, hidden: fitting.length - shown.length };
}

/** How often each type occurs, by name. */
export function typesIn(events: readonly RunEvent[]): readonly (readonly [type: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => one.localeCompare(other));
}
