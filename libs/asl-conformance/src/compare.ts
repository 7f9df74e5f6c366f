import { isJsonObject, type Json, type JsonObject, pointerTo } from '@baton/asl';
import type { Case } from './case-file.js';
import type { Outcome } from './execute.js';

/** What differs between a recorded execution and one here, as sentences; none where it conforms. */
export function differencesOf(recorded: Case, outcome: Outcome): readonly string[] {
  const { status, output, error, cause } = recorded.expect;
  const ignored = new Set([...recorded.volatile, ...recorded.awsWording]);
  return [
    ...(status === outcome.status ? [] : [`status ${outcome.status}, not ${status}`]),
    ...differing(output, outcome.output, '/output', ignored),
    // The service names no error where the whole execution ran out of time.
    ...(error === outcome.error || (status === 'TIMED_OUT' && error === null)
      ? []
      : [`error ${outcome.error}, not ${error}`]),
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
    return [...names].flatMap((name) => differingMember(expected, actual, name, pointerTo(pointer, name), ignored));
  }
  const same = typeof expected === typeof actual && JSON.stringify(expected) === JSON.stringify(actual);
  return same ? [] : [`${pointer} is ${shown(actual)}, not ${shown(expected)}`];
}

function differingMember(
  expected: JsonObject,
  actual: JsonObject,
  name: string,
  pointer: string,
  ignored: ReadonlySet<string>,
): readonly string[] {
  if (ignored.has(pointer)) return [];
  const [before, after] = [expected[name], actual[name]];
  if (before !== undefined && after !== undefined) return differing(before, after, pointer, ignored);
  // A member of which a part is volatile may be missing.
  const isVolatile = [...ignored].some((each) => each.startsWith(`${pointer}/`));
  return isVolatile || isOwnMetadata(name) ? [] : [`${pointer} is ${after === undefined ? 'missing' : 'extra'}`];
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
  if (kind === 'worker error JSON') {
    const worker = isJsonObject(cause) ? cause : {};
    const own = parsedCause(outcome.cause);
    return ['errorMessage', 'errorType'].flatMap((name) =>
      worker[name] === own[name]
        ? []
        : [`${name} of the cause is ${shown(own[name] ?? null)}, not ${shown(worker[name] ?? null)}`],
    );
  }
  if (kind !== 'AWS wording' || recorded.expect.status !== 'FAILED') return [];
  const state = /executing the state '([^']+)'/.exec(String(cause))?.[1];
  const isNamed = outcome.cause !== null && (state === undefined || outcome.cause.includes(`'${state}'`));
  // A worker's own failure names no state here: the event that holds it does.
  return isNamed || outcome.error === 'States.Runtime' ? [] : [`the cause does not name the state ${state}`];
}

/** A worker's cause is JSON text. */
function parsedCause(cause: string | null): JsonObject {
  try {
    const json: unknown = JSON.parse(cause ?? '{}');
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}

/** The states in the order in which they were entered and left; inside a Parallel that order is chance. */
function orderDifferences(recorded: Case, outcome: Outcome): readonly string[] {
  const { recordedEvents, eventsInsideParallelUnordered } = recorded;
  if (recordedEvents === null || recordedEvents === undefined) return [];
  const expected = recordedEvents.flatMap(({ type, name }) => {
    const [, way] = /State(Entered|Exited)$/.exec(type) ?? [];
    return way === undefined || name === undefined ? [] : [`${way.toLowerCase()} ${name}`];
  });
  const sort = (list: readonly string[]) => (eventsInsideParallelUnordered ? [...list].sort() : list);
  const elsewhere = distributedStates(recorded.definition);
  const visited = outcome.visited.filter((each) => !elsewhere.has(each.replace(/^\w+ /, '')));
  const [a, b] = [sort(expected), sort(visited)];
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`states: ${b.join(', ')}; not ${a.join(', ')}`];
}

/** States inside a distributed Map: in the service they are entered in executions of their own, with other histories. */
function distributedStates(json: Json, isInside = false): ReadonlySet<string> {
  if (Array.isArray(json)) return new Set(json.flatMap((item: Json) => [...distributedStates(item, isInside)]));
  if (!isJsonObject(json)) return new Set();
  const { ProcessorConfig, States } = json;
  const inside = isInside || (isJsonObject(ProcessorConfig) && ProcessorConfig.Mode === 'DISTRIBUTED');
  const own = inside && isJsonObject(States) ? Object.keys(States) : [];
  return new Set([...own, ...Object.values(json).flatMap((value) => [...distributedStates(value, inside)])]);
}
