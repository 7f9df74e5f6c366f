import type { RunView, StepView } from '@baton/contracts';
import type { OpenVisit, RunFold } from './run-fold.js';

/** States and phases are named by people: one called `constructor` must not find what every object inherits. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** How a visit can end, as its step shows it. */
export type Ending = Exclude<StepView['status'], 'waiting'>;

/** A state was entered: it is open, and a step of the view where the workflow numbers it. */
export function enter(
  fold: RunFold,
  entered: { readonly visit: number; readonly frame: number; readonly state: string },
  at: string,
): RunFold {
  const { view, memory } = fold;
  const numbered = own(memory.steps, entered.state);
  const open: OpenVisit = { ...entered, step: numbered === undefined ? null : view.steps.length, lastFailure: null };
  const step = numbered === undefined ? [] : [newStep(entered.state, numbered, at)];
  const phase = own(memory.phases, entered.state) ?? view.phase;
  return withOpen(
    { memory, view: { ...view, phase, step: numbered?.number ?? view.step, steps: [...view.steps, ...step] } },
    [...memory.open, open],
  );
}

const newStep = (state: string, step: { readonly number: number; readonly title: string }, at: string): StepView => ({
  state,
  step: step.number,
  title: step.title,
  agent: null,
  attempt: 1,
  status: 'waiting',
  startedAt: at,
  durationMs: null,
});

/** The open visit of that number becomes what `change` makes of it; a visit that is not open is left alone. */
export function changeVisit(fold: RunFold, visit: number, change: (open: OpenVisit) => OpenVisit): RunFold {
  const open = fold.memory.open.map((candidate) => (candidate.visit === visit ? change(candidate) : candidate));
  return { ...fold, memory: { ...fold.memory, open } };
}

/** The step of an open visit becomes what `change` makes of it. */
export function changeStep(fold: RunFold, visit: number, change: (step: StepView) => StepView): RunFold {
  const index = fold.memory.open.find((candidate) => candidate.visit === visit)?.step ?? null;
  if (index === null) return fold;
  const steps = fold.view.steps.map((step, place) => (place === index ? change(step) : step));
  return { ...fold, view: { ...fold.view, steps } };
}

/** Every open visit that `matches` is left; its step ends as `ending` says, after the time since it was entered. */
export function leave(
  fold: RunFold,
  matches: (open: OpenVisit) => boolean,
  ending: (open: OpenVisit) => Ending,
  at: string,
): RunFold {
  const closed = fold.memory.open.filter(matches);
  if (closed.length === 0) return fold;
  const steps = [...fold.view.steps];
  for (const visit of closed) {
    const step = visit.step === null ? undefined : steps[visit.step];
    if (visit.step !== null && step !== undefined) steps[visit.step] = endStep(step, ending(visit), at);
  }
  return withOpen(
    { ...fold, view: { ...fold.view, steps } },
    fold.memory.open.filter((candidate) => !matches(candidate)),
  );
}

/** The hub's clock may be set back between two events: a duration is never negative. */
const endStep = (step: StepView, status: Ending, at: string): StepView => ({
  ...step,
  status,
  durationMs: Math.max(0, Date.parse(at) - Date.parse(step.startedAt)),
});

function withOpen(fold: RunFold, open: readonly OpenVisit[]): RunFold {
  const view: RunView = { ...fold.view, currentStates: open.map(({ state }) => state) };
  return { view, memory: { ...fold.memory, open: [...open] } };
}
