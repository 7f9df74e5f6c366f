import { isJsonObject, type Json, pointerTo } from '@baton/asl';
import type { Case } from './case-file.js';
import type { Outcome } from './execute.js';

/** What differs between a recorded execution and one here, as sentences; none where it conforms. */
export function differencesOf(recorded: Case, outcome: Outcome): readonly string[] {
  const { status, output, error, cause } = recorded.expect;
  const ignored = new Set([...recorded.volatile, ...recorded.awsWording]);
  return [
    ...(status === outcome.status ? [] : [`status ${outcome.status}, not ${status}`]),
    ...differing(output, outcome.output, '/output', ignored),
    ...(error === outcome.error ? [] : [`error ${outcome.error}, not ${error}`]),
    ...causeDifferences(recorded, cause, outcome),
    ...orderDifferences(recorded, outcome),
  ];
}

function differing(expected: Json, actual: Json, pointer: string, ignored: ReadonlySet<string>): readonly string[] {
  if (ignored.has(pointer)) return [];
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item: Json, index) => differing(item, actual[index], pointerTo(pointer, index), ignored));
  }
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => {
      const at = pointerTo(pointer, name);
      if (ignored.has(at)) return [];
      if (!Object.hasOwn(actual, name) || !Object.hasOwn(expected, name)) {
        // A member of which every part is volatile may be missing.
        const inside = [...ignored].some((each) => each.startsWith(`${at}/`));
        return inside || isOwnMetadata(name) ? [] : [`${at} is ${Object.hasOwn(actual, name) ? 'extra' : 'missing'}`];
      }
      return differing(expected[name] ?? null, actual[name] ?? null, at, ignored);
    });
  }
  const same = typeof expected === typeof actual && JSON.stringify(expected) === JSON.stringify(actual);
  return same ? [] : [`${pointer} is ${shown(actual)}, not ${shown(expected)}`];
}

/** Where the service runs and with whose rights: words of its own that nothing here could equal. */
const isOwnMetadata = (name: string): boolean => name === 'RoleArn';

const shown = (json: Json): string => JSON.stringify(json)?.slice(0, 200) ?? 'nothing';

function causeDifferences(recorded: Case, cause: Json, outcome: Outcome): readonly string[] {
  if (recorded.volatile.includes('/cause')) return [];
  const kind = recorded.causeKind;
  if (kind === 'literal in definition or input' || kind === 'computed or other') {
    return cause === outcome.cause ? [] : [`cause ${shown(outcome.cause)}, not ${shown(cause)}`];
  }
  if (kind !== 'AWS wording' || recorded.expect.status !== 'FAILED') return [];
  const state = /executing the state '([^']+)'/.exec(String(cause))?.[1];
  const isNamed = outcome.cause !== null && (state === undefined || outcome.cause.includes(`'${state}'`));
  // A worker's own failure names no state here: the event that holds it does.
  return isNamed || outcome.error === 'States.Runtime' ? [] : [`the cause does not name the state ${state}`];
}

/** The states in the order in which they were entered and left; inside a Parallel that order is chance. */
function orderDifferences(
  { recordedEvents, eventsInsideParallelUnordered }: Case,
  outcome: Outcome,
): readonly string[] {
  if (recordedEvents === null || recordedEvents === undefined) return [];
  const expected = recordedEvents.flatMap(({ type, name }) => {
    const [, way] = /State(Entered|Exited)$/.exec(type) ?? [];
    return way === undefined || name === undefined ? [] : [`${way.toLowerCase()} ${name}`];
  });
  const sort = (list: readonly string[]) => (eventsInsideParallelUnordered ? [...list].sort() : list);
  const [a, b] = [sort(expected), sort(outcome.visited)];
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`states: ${b.join(', ')}; not ${a.join(', ')}`];
}
