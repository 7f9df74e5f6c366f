import type { CommandId, ItemRef, StepView } from '@baton/contracts';
import { endMap, itemOfFrame } from './maps.js';
import { type Kept, MOST_STEPS, type OpenVisit, type RunFold, type Wait } from './run-fold.js';

/** States and phases are named by people: one called `constructor` must not find what every object inherits. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** How a visit can end, as its step shows it. */
export type Ending = Exclude<StepView['status'], 'waiting'>;

/**
 * A state was entered: it is open, and a step of the view where it takes time. A frame is in one state at a
 * time, so whatever else was open under the same numbers is left.
 */
export function enter(
  before: RunFold,
  entered: { readonly visit: number; readonly frame: number; readonly state: string },
  at: string,
): RunFold {
  const { visit, frame, state } = entered;
  const left = leave(before, visit, () => 'cancelled', at);
  const fold = leave(left, left.visitOfFrame.get(frame) ?? -1, () => 'cancelled', at);
  const { facts } = fold;
  const shown = own(fold.shown, state);
  const step = shown === undefined ? null : fold.stepCount;
  const phase = own(fold.phases, state) ?? facts.phase;
  const opened = {
    ...fold,
    facts: { ...facts, phase, step: shown?.number ?? facts.step },
    open: fold.open.set(visit, { visit, frame, state, agent: null, step, lastFailure: null, wait: null, kept: null }),
    visitOfFrame: fold.visitOfFrame.set(frame, visit),
  };
  if (shown === undefined) return opened;
  const steps = fold.steps.push(newStep(state, shown, itemOfFrame(fold, frame), at));
  return { ...opened, steps: steps.size > MOST_STEPS ? steps.shift() : steps, stepCount: fold.stepCount + 1 };
}

const newStep = (
  state: string,
  step: { readonly number: number | null; readonly title: string },
  item: ItemRef | null,
  at: string,
): StepView => ({
  state,
  step: step.number,
  item,
  title: step.title,
  agent: null,
  attempt: 1,
  status: 'waiting',
  startedAt: at,
  durationMs: null,
});

/** The open visit of that number becomes what `change` makes of it; a visit that is not open is left alone. */
export function changeVisit(fold: RunFold, visit: number, change: (open: OpenVisit) => OpenVisit): RunFold {
  const open = fold.open.get(visit);
  return open === undefined ? fold : { ...fold, open: fold.open.set(visit, change(open)) };
}

/** The step of an open visit becomes what `change` makes of it. */
export function changeStep(fold: RunFold, visit: number, change: (step: StepView) => StepView): RunFold {
  const steps = withStep(fold, fold.open.get(visit)?.step ?? null, change);
  return steps === fold.steps ? fold : { ...fold, steps };
}

/** Steps older than the view shows change nothing. */
function withStep(
  { steps, stepCount }: RunFold,
  number: number | null,
  change: (step: StepView) => StepView,
): RunFold['steps'] {
  if (number === null) return steps;
  const index = number - (stepCount - steps.size);
  const step = index < 0 ? undefined : steps.get(index);
  return step === undefined ? steps : steps.set(index, change(step));
}

/** The visit waits for something that is no worker's. */
export const waitFor = (fold: RunFold, visit: number, commandId: CommandId, what: string, at: string): RunFold =>
  changeVisit(fold, visit, (open) => ({
    ...open,
    wait: { ordinal: ordinalOf(commandId), what, sinceMs: Date.parse(at) },
  }));

/** What the visit waited for is settled. */
export function stopWaiting(fold: RunFold, visit: number, commandId: CommandId): RunFold {
  const wait: Wait | null | undefined = fold.open.get(visit)?.wait;
  if (wait?.ordinal !== ordinalOf(commandId)) return fold;
  return changeVisit(fold, visit, (open) => ({ ...open, wait: null }));
}

/** What came back to a visit of a paused run stays there until the run is resumed. */
export const keep = (fold: RunFold, visit: number, what: Kept['what'], at: string): RunFold =>
  fold.facts.status === 'paused'
    ? changeVisit(fold, visit, (open) => ({ ...open, kept: { what, sinceMs: Date.parse(at) } }))
    : fold;

/** A signal of a paused run is for the state that has waited for it longest. */
export function keepSignal(fold: RunFold, name: string, at: string): RunFold {
  if (fold.facts.status !== 'paused') return fold;
  const first = fold.open
    .filter(({ wait, kept }) => wait?.what === `${SIGNAL}${name}` && kept === null)
    .valueSeq()
    .minBy(({ visit }) => visit);
  return first === undefined ? fold : keep(fold, first.visit, 'signal', at);
}

const SIGNAL = 'baton:signal:';

/** A resumed run acts on all that was kept. */
export const keepNoLonger = (fold: RunFold): RunFold => ({
  ...fold,
  open: fold.open.map((open) => (open.kept === null ? open : { ...open, kept: null })),
});

const ordinalOf = (commandId: CommandId): number => Number(commandId.slice(commandId.lastIndexOf('-') + 1));

/** An open visit is left; its step ends as `ending` says, after the time since it was entered. */
export function leave(fold: RunFold, visit: number, ending: (open: OpenVisit) => Ending, at: string): RunFold {
  const left = fold.open.get(visit);
  if (left === undefined) return fold;
  const closed = {
    ...fold,
    open: fold.open.delete(visit),
    visitOfFrame: fold.visitOfFrame.delete(left.frame),
    steps: withStep(fold, left.step, (step) => endStep(step, ending(left), at)),
  };
  return endMap(closed, visit, at);
}

/** Everything that is open is given up. */
export function leaveAll(fold: RunFold, at: string): RunFold {
  const visits = [...fold.open.keys()];
  return visits.reduce((rest, visit) => leave(rest, visit, () => 'cancelled', at), fold);
}

/** The hub's clock may be set back between two events: a duration is never negative. */
const endStep = (step: StepView, status: Ending, at: string): StepView => ({
  ...step,
  status,
  durationMs: Math.max(0, Date.parse(at) - Date.parse(step.startedAt)),
});
