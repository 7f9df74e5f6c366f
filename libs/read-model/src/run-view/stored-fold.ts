import { KeptFact, type RunView, RunView as ViewShape } from '@baton/contracts';
import { List, Map as PersistentMap, Set as PersistentSet } from 'immutable';
import { z } from 'zod';
import type { FrameFact, Kept, OpenVisit, RunFold, Wait } from './run-fold.js';
import { openVisits, viewOf } from './view-of.js';

/*
 * A fold as its row holds it: the view, and what the view does not tell. Ten thousand open visits are rows of numbers
 * without names, because the row is written again with every page of events.
 */

const Numbers = z.array(z.int());

const Memory = z.object({
  shown: z.record(z.string(), z.object({ number: z.int().nullable(), title: z.string() })),
  phases: z.record(z.string(), z.string()),
  stepCount: z.int(),
  /** Names of states, and what is waited for; the numbers below name them by their place. */
  texts: z.array(z.string()),
  /** Four numbers for each open visit: visit, frame, text of the state, step or -1. */
  open: Numbers,
  /** Two for each that was a task for a worker: visit, and text of the worker's kind. */
  agents: Numbers,
  /** Two for each whose last attempt went wrong: visit, and 1 if it ran out of time. */
  failed: Numbers,
  /** Four for each that waits: visit, ordinal of the command, text of what it waits for, since when in milliseconds. */
  waits: Numbers,
  /** Three for each to which something came back while the run is paused: visit, text of what, when in milliseconds. */
  kept: Numbers,
  /** The visit of each Map of the view. */
  maps: Numbers,
  mapVisits: Numbers,
  /** Four for each open frame of an item, or inside of one: frame, visit of its Map or -1, index, text of the name or -1. */
  frames: Numbers,
  /** Frames whose failure is known before their end. */
  failures: z.array(z.object({ frame: z.int(), error: z.string(), cause: z.string() })),
});

export interface StoredFold {
  readonly view: RunView;
  readonly memory: z.infer<typeof Memory>;
}

export function toStored(fold: RunFold): StoredFold {
  const places = new Map<string, number>();
  const place = (text: string): number => {
    const known = places.get(text) ?? places.size;
    places.set(text, known);
    return known;
  };
  const visits = openVisits(fold);
  const [open, failed, waits, keeps]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const { visit, frame, state, step, lastFailure, wait, kept } of visits) {
    open.push(visit, frame, place(state), step ?? -1);
    if (lastFailure !== null) failed.push(visit, lastFailure === 'timed-out' ? 1 : 0);
    if (wait !== null) waits.push(visit, wait.ordinal, place(wait.what), wait.sinceMs);
    if (kept !== null) keeps.push(visit, place(kept.what), kept.sinceMs);
  }
  const agents = agentNumbers(visits, place);
  const frames: number[] = [];
  const failures: z.infer<typeof Memory>['failures'] = [];
  for (const [frame, { map, item, failure }] of fold.frames) {
    frames.push(frame, map ?? -1, item.index, item.name === null ? -1 : place(item.name));
    if (failure !== undefined) failures.push({ frame, ...failure });
  }
  const { shown, phases, stepCount } = fold;
  const maps = fold.maps.toArray().map(({ visit }) => visit);
  const ofMaps = { maps, mapVisits: [...fold.mapVisits], frames, failures };
  const ofVisits = { texts: [...places.keys()], open, agents, failed, waits, kept: keeps };
  const memory = { shown, phases, stepCount, ...ofVisits, ...ofMaps };
  return { view: viewOf(fold, visits), memory };
}

const agentNumbers = (visits: readonly OpenVisit[], place: (text: string) => number): number[] =>
  visits.flatMap(({ visit, agent }) => (agent === null ? [] : [visit, place(agent)]));

/** @throws ZodError when the row is not one that `toStored` made */
export function fromStored(row: { readonly view: unknown; readonly memory: unknown }): RunFold {
  const { currentStates, waitingFor, kept: _, steps, maps, ...facts } = ViewShape.parse(row.view);
  const memory = Memory.parse(row.memory);
  const { shown, phases, stepCount, texts, open, failed, waits } = memory;
  const agents = agentsOf(memory);
  const failures = new Map<number, boolean>();
  for (let at = 0; at < failed.length; at += 2) failures.set(failed[at] ?? 0, failed[at + 1] === 1);
  const waiting = new Map<number, Wait>();
  for (let at = 0; at < waits.length; at += 4) {
    const [visit = 0, ordinal = 0, what = 0, sinceMs = 0] = [waits[at], waits[at + 1], waits[at + 2], waits[at + 3]];
    waiting.set(visit, { ordinal, what: texts[what] ?? '', sinceMs });
  }
  const kept = keptOf(memory);
  const visits: OpenVisit[] = [];
  for (let at = 0; at < open.length; at += 4) {
    const [visit = 0, frame = 0, state = 0, step = -1] = [open[at], open[at + 1], open[at + 2], open[at + 3]];
    const isTimeout = failures.get(visit);
    visits.push({
      visit,
      frame,
      state: texts[state] ?? '',
      agent: agents.get(visit) ?? null,
      step: step < 0 ? null : step,
      lastFailure: isTimeout === undefined ? null : isTimeout ? 'timed-out' : 'failed',
      wait: waiting.get(visit) ?? null,
      kept: kept.get(visit) ?? null,
    });
  }
  return {
    facts,
    shown,
    phases,
    open: PersistentMap(visits.map((visit) => [visit.visit, visit])),
    visitOfFrame: PersistentMap(visits.map(({ frame, visit }) => [frame, visit])),
    steps: List(steps),
    stepCount,
    maps: List(maps.map((map, index) => ({ ...map, visit: memory.maps[index] ?? -1 }))),
    mapVisits: PersistentSet(memory.mapVisits),
    frames: framesOf(memory),
  };
}

function agentsOf({ agents, texts }: z.infer<typeof Memory>): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (let at = 0; at < agents.length; at += 2) found.set(agents[at] ?? 0, texts[agents[at + 1] ?? 0] ?? '');
  return found;
}

function keptOf({ kept, texts }: z.infer<typeof Memory>): ReadonlyMap<number, Kept> {
  const found = new Map<number, Kept>();
  for (let at = 0; at < kept.length; at += 3) {
    const [visit = 0, what = 0, sinceMs = 0] = [kept[at], kept[at + 1], kept[at + 2]];
    found.set(visit, { what: KeptFact.shape.what.parse(texts[what]), sinceMs });
  }
  return found;
}

function framesOf({ frames, failures, texts }: z.infer<typeof Memory>): RunFold['frames'] {
  const failureOf = new Map(failures.map(({ frame, error, cause }) => [frame, { error, cause }]));
  const facts: [number, FrameFact][] = [];
  for (let at = 0; at < frames.length; at += 4) {
    const [frame = 0, map = -1, index = 0, name = -1] = [frames[at], frames[at + 1], frames[at + 2], frames[at + 3]];
    const failure = failureOf.get(frame);
    const item = { index, name: name < 0 ? null : (texts[name] ?? null) };
    facts.push([frame, { map: map < 0 ? null : map, item, ...(failure === undefined ? {} : { failure }) }]);
  }
  return PersistentMap(facts);
}
