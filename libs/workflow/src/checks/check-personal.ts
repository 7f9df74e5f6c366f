import { errorAt, type Finding, pointerTo, type State } from '@baton/asl';
import type { PersonalMark, WorkflowDocument } from '../document/workflow-document.js';

/** What is wrong with the marks of personal data. `states`: of the definition, by name. */
export const checkPersonal = (
  { personal = [] }: Pick<WorkflowDocument, 'personal'>,
  states: ReadonlyMap<string, State>,
): readonly Finding[] => personal.flatMap((mark, index) => checkMark(mark, pointerTo('/personal', index), states));

function checkMark(mark: PersonalMark, at: string, states: ReadonlyMap<string, State>): readonly Finding[] {
  const { subject, input = [], results = {} } = mark;
  const subjectAt = pointerTo(at, 'subject');
  const isSealedItself = input.some((place) => covers(place, subject));
  const nothing = input.length === 0 && Object.keys(results).length === 0;
  return [
    ...checkPlace(subject, subjectAt),
    ...(subject === '' || subject.split('/').includes('*')
      ? [errorAt(subjectAt, 'schema', 'names one member of the input, such as /customer/id')]
      : []),
    ...(isSealedItself ? [errorAt(subjectAt, 'schema', 'would be sealed with what it is to name the key of')] : []),
    ...(nothing ? [errorAt(at, 'schema', 'marks nothing: name places of the input, or of results')] : []),
    ...input.flatMap((place, index) => checkPlace(place, pointerTo(pointerTo(at, 'input'), index))),
    ...Object.entries(results).flatMap(([name, places]) => {
      const resultAt = pointerTo(pointerTo(at, 'results'), name);
      return [
        ...checkState(name, resultAt, states),
        ...places.flatMap((place, index) => checkPlace(place, pointerTo(resultAt, index))),
      ];
    }),
  ];
}

function checkState(name: string, at: string, states: ReadonlyMap<string, State>): readonly Finding[] {
  const state = states.get(name);
  if (state === undefined) return [errorAt(at, 'unknown-state', `the definition has no state ${name}`)];
  return state.Type === 'Task' ? [] : [errorAt(at, 'schema', `${name} is no Task, and so has no result of its own`)];
}

function checkPlace(place: string, at: string): readonly Finding[] {
  if (place !== '' && !place.startsWith('/'))
    return [errorAt(at, 'schema', 'is no JSON pointer: that is empty, or begins with /')];
  return /~(?![01])/.test(place)
    ? [errorAt(at, 'schema', 'in a JSON pointer ~ is written ~0, and / in a name ~1')]
    : [];
}

/** Whether a marked place is the other, or around it. */
function covers(place: string, other: string): boolean {
  const parts = place.split('/');
  const others = other.split('/');
  return parts.length <= others.length && parts.every((part, index) => part === '*' || part === others[index]);
}
