import { type Finding, pointerTo, warningAt } from './finding.js';
import { innerMachines, type State, type StateMachine, successorsOf } from './machine.js';

/** States that a sentence about a loop names. */
const MOST_NAMED = 20;

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
    const names = [...loop].slice(0, MOST_NAMED).join(' → ');
    const more = loop.size > MOST_NAMED ? ` → … (${loop.size} states)` : '';
    const message = `no counter bounds the loop ${names}${more}: count its rounds in a variable that a Choice looks at`;
    report(warningAt([pointerTo(pointer, 'States'), first].reduce(pointerTo), 'unbounded-loop', message));
  }
  for (const [name, state] of states) {
    const at = pointerTo(pointerTo(pointer, 'States'), name);
    for (const inner of innerMachines(state)) checkLoops(inner.machine, report, inner.path.reduce(pointerTo, at));
  }
}

/**
 * Groups of states that can each reach all the others, and a state that follows itself: each with the first of it in the
 * definition before the others, in the order in which they are reached. Takes as long as there are states and ways on.
 */
function loopsOf(states: ReadonlyMap<string, State>): readonly ReadonlySet<string>[] {
  const loops: Set<string>[] = [];
  const order = new Map([...states.keys()].map((name, index) => [name, index]));
  for (const group of stronglyConnected(states)) {
    const [first = ''] = [...group].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const loop = new Set([first]);
    for (const name of loop) {
      for (const next of followers(states, name)) if (group.has(next)) loop.add(next);
    }
    if (loop.size > 1 || followers(states, first).includes(first)) loops.push(loop);
  }
  return loops.sort((a, b) => placeOf(a, order) - placeOf(b, order));
}

const placeOf = ([first = '']: ReadonlySet<string>, order: ReadonlyMap<string, number>): number =>
  order.get(first) ?? 0;

function followers(states: ReadonlyMap<string, State>, name: string): readonly string[] {
  const state = states.get(name);
  return state === undefined ? [] : successorsOf(state);
}

/** Kosaraju's: what is reached backwards, in the order in which the forward walk leaves it, belongs together. */
function stronglyConnected(states: ReadonlyMap<string, State>): readonly ReadonlySet<string>[] {
  const before = new Map<string, string[]>();
  for (const name of states.keys()) {
    for (const next of followers(states, name)) {
      const known = before.get(next);
      if (known === undefined) before.set(next, [name]);
      else known.push(name);
    }
  }
  const taken = new Set<string>();
  return leavingOrder(states)
    .reverse()
    .flatMap((root) => {
      if (taken.has(root)) return [];
      const group = new Set([root]);
      taken.add(root);
      for (const name of group) {
        for (const other of before.get(name) ?? []) {
          if (taken.has(other)) continue;
          taken.add(other);
          group.add(other);
        }
      }
      return [group];
    });
}

/** Every state after all that is first reached from it. Without recursion: a definition has thousands of states. */
function leavingOrder(states: ReadonlyMap<string, State>): string[] {
  const left: string[] = [];
  const seen = new Set<string>();
  for (const root of states.keys()) {
    const path: { readonly name: string; readonly next: Iterator<string> }[] = [];
    const enter = (name: string): void => {
      seen.add(name);
      path.push({ name, next: followers(states, name).values() });
    };
    if (!seen.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { done, value } = top.next.next();
      if (done === true) {
        left.push(top.name);
        path.pop();
      } else if (states.has(value) && !seen.has(value)) enter(value);
    }
  }
  return left;
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
