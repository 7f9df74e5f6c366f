import { type Finding, pointerTo, warningAt } from './finding.js';
import { innerMachines, type State, type StateMachine, successorsOf } from './machine.js';

/**
 * Warns of loops that nothing seems to bound. A loop is believed to end where one of its Choices can leave it and one of
 * its states counts: it assigns a variable from its own value, or computes a part of the data from the same part. That is
 * a guess from the outside, so it is a warning and no error.
 */
export function checkLoops(machine: StateMachine, report: (finding: Finding) => void, pointer = ''): void {
  const states = new Map(Object.entries(machine.States));
  for (const loop of loopsOf(states)) {
    const members = [...states].filter(([name]) => loop.has(name));
    const leaves = members.some(
      ([, state]) => state.Type === 'Choice' && successorsOf(state).some((next) => !loop.has(next)),
    );
    if (leaves && members.some(([, state]) => counts(state))) continue;
    const [first = ''] = loop;
    const message = `no counter bounds the loop ${[...loop].join(' → ')}: count its rounds in a variable that a Choice looks at`;
    report(warningAt([pointerTo(pointer, 'States'), first].reduce(pointerTo), 'unbounded-loop', message));
  }
  for (const [name, state] of states) {
    const at = pointerTo(pointerTo(pointer, 'States'), name);
    for (const inner of innerMachines(state)) checkLoops(inner.machine, report, inner.path.reduce(pointerTo, at));
  }
}

/** Groups of states that can each reach all the others, and a state that follows itself. */
function loopsOf(states: ReadonlyMap<string, State>): readonly ReadonlySet<string>[] {
  const after = new Map([...states.keys()].map((name) => [name, reachableAfter(name, states)]));
  const loops: Set<string>[] = [];
  for (const [name, reached] of after) {
    if (!reached.has(name) || loops.some((loop) => loop.has(name))) continue;
    loops.push(new Set([name, ...[...reached].filter((other) => after.get(other)?.has(name) === true)]));
  }
  return loops;
}

function reachableAfter(name: string, states: ReadonlyMap<string, State>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const state = states.get(next);
    for (const successor of state === undefined ? [] : successorsOf(state)) {
      if (reached.has(successor)) continue;
      reached.add(successor);
      waiting.push(successor);
    }
  }
  return reached;
}

function counts(state: State): boolean {
  const assigns = 'Assign' in state && state.Assign !== undefined ? [state.Assign] : [];
  const ofRules =
    state.Type === 'Choice' ? state.Choices.flatMap(({ Assign }) => (Assign === undefined ? [] : [Assign])) : [];
  const ofCatchers =
    'Catch' in state ? (state.Catch ?? []).flatMap(({ Assign }) => (Assign === undefined ? [] : [Assign])) : [];
  const bySelf = [...assigns, ...ofRules, ...ofCatchers].some((assign) =>
    Object.entries(assign).some(([name, value]) => {
      const variable = name.replace(/\.\$$/, '');
      return new RegExp(`\\$${variable}(?!\\p{ID_Continue})`, 'u').test(JSON.stringify(value));
    }),
  );
  // In the data: `count: $states.input.count + 1`, or States.MathAdd of a path.
  const data = JSON.stringify(outputOf(state));
  return bySelf || /States\.MathAdd\(\s*\$|\$states\.input\.[\w.]+\s*[-+]\s*\d/.test(data);
}

const outputOf = (state: State): unknown => [
  'Output' in state ? state.Output : null,
  'Parameters' in state ? state.Parameters : null,
];
