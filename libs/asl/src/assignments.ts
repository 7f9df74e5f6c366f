import { pointerTo } from './finding.js';
import type { State } from './machine.js';

/** A variable that a state assigns, and where. */
export interface Assignment {
  readonly name: string;
  readonly at: string;
  /** By a catcher: only where the state failed. */
  readonly isCaught: boolean;
}

/** What a state assigns, by its rules and catchers too. In JSONPath a name may end in `.$`, which is not part of it. */
export function assignmentsOf(state: State, at: string): readonly Assignment[] {
  const rules = state.Type === 'Choice' ? state.Choices : [];
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  const holders: readonly { readonly holder: object; readonly path: string; readonly isCaught?: boolean }[] = [
    { holder: state, path: at },
    ...rules.map((holder, index) => ({ holder, path: ['Choices', index].reduce<string>(pointerTo, at) })),
    ...catchers.map((holder, index) => ({
      holder,
      path: ['Catch', index].reduce<string>(pointerTo, at),
      isCaught: true,
    })),
  ];
  return holders.flatMap(({ holder, path, isCaught = false }) => {
    const assign = 'Assign' in holder ? (holder.Assign ?? {}) : {};
    return Object.keys(assign).map((key) => ({
      name: key.replace(/\.\$$/, ''),
      at: pointerTo(pointerTo(path, 'Assign'), key),
      isCaught,
    }));
  });
}
