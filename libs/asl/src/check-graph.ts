import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { innerMachines, type State, type StateMachine, successorsOf } from './machine.js';

type Report = (finding: Finding) => void;

/** Checks how the states of a machine, and of those inside it, hang together. */
export function checkGraph(machine: StateMachine, report: Report): void {
  checkOne(machine, '', report, new Map());
}

function checkOne(machine: StateMachine, pointer: string, report: Report, names: Map<string, string>): void {
  const states = new Map(Object.entries(machine.States));
  const statesAt = pointerTo(pointer, 'States');
  if (!states.has(machine.StartAt)) {
    report(errorAt(pointerTo(pointer, 'StartAt'), 'unknown-state', `there is no state ${machine.StartAt}`));
  }
  for (const [name, state] of states) {
    const at = pointerTo(statesAt, name);
    const elsewhere = names.get(name);
    if (elsewhere !== undefined) {
      report(
        errorAt(at, 'duplicate-state', `there is a state ${name} at ${elsewhere}; a name is used once in a definition`),
      );
    }
    names.set(name, at);
    checkTargets(state, at, states, report);
    if (state.Type === 'Choice' && state.Default === undefined) {
      report(
        warningAt(at, 'no-default', 'a Choice without Default fails with States.NoChoiceMatched where no rule holds'),
      );
    }
    for (const inner of innerMachines(state)) checkOne(inner.machine, inner.path.reduce(pointerTo, at), report, names);
  }
  const reachable = reachableFrom([machine.StartAt], (name) =>
    states.has(name) ? successorsOf(stateOf(states, name)) : [],
  );
  const endsFrom = reachableFrom(
    [...states].filter(([, state]) => isEnd(state)).map(([name]) => name),
    reversed(states),
  );
  for (const name of states.keys()) {
    const at = pointerTo(statesAt, name);
    if (!reachable.has(name)) report(errorAt(at, 'unreachable-state', `no path leads to the state ${name}`));
    else if (!endsFrom.has(name)) report(errorAt(at, 'no-end', `no path leads from the state ${name} to an end`));
  }
}

function checkTargets(state: State, at: string, states: ReadonlyMap<string, State>, report: Report): void {
  const check = (name: string | undefined, ...path: (string | number)[]): void => {
    if (name !== undefined && !states.has(name)) {
      report(errorAt(path.reduce<string>(pointerTo, at), 'unknown-state', `there is no state ${name} beside this one`));
    }
  };
  if ('Next' in state) check(state.Next, 'Next');
  if (state.Type === 'Choice') {
    check(state.Default, 'Default');
    state.Choices.forEach((rule, index) => {
      check(rule.Next, 'Choices', index, 'Next');
    });
  }
  if ('Catch' in state) {
    state.Catch?.forEach((catcher, index) => {
      check(catcher.Next, 'Catch', index, 'Next');
    });
  }
}

const isEnd = (state: State): boolean =>
  state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);

function stateOf(states: ReadonlyMap<string, State>, name: string): State {
  const state = states.get(name);
  if (state === undefined) throw new Error(`no state ${name}`);
  return state;
}

function reversed(states: ReadonlyMap<string, State>): (name: string) => readonly string[] {
  const before = new Map<string, string[]>();
  for (const [name, state] of states) {
    for (const next of successorsOf(state)) {
      const known = before.get(next);
      if (known === undefined) before.set(next, [name]);
      else known.push(name);
    }
  }
  return (name) => before.get(name) ?? [];
}

function reachableFrom(starts: readonly string[], follow: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...follow(name));
  }
  return reached;
}
