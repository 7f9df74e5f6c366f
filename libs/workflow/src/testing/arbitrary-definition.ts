import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';

/*
 * Definitions that are well formed and otherwise wild. A state's plain way on is the state after it, so that each is
 * reached and each leads to an end; choices and catchers jump anywhere, backwards too.
 */

const template: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  { fixed: [1, 'two'] },
  '{% $states.input %}',
  '{% $exists($states.result) ? $states.result : "none" %}',
  { id: '{% $uuid() %}', at: ['{% $millis() %}', '{% $random() %}'] },
  '{% $exists($n) ? $n + 1 : 0 %}',
  '{% $missing %}',
);

const results = fc.record(
  {
    Output: template,
    Assign: fc.record({ n: fc.constantFrom<Json>(1, '{% $exists($n) ? $n + 1 : 0 %}', '{% $states.input %}') }),
  },
  { requiredKeys: [] },
);

const errorNames = fc.constantFrom(
  ['Weather'],
  ['States.Timeout'],
  ['States.TaskFailed'],
  ['States.QueryEvaluationError'],
);

const retriers = fc.array(
  fc.record({
    ErrorEquals: errorNames,
    IntervalSeconds: fc.integer({ min: 1, max: 60 }),
    MaxAttempts: fc.integer({ min: 0, max: 2 }),
    JitterStrategy: fc.constantFrom('FULL', 'NONE'),
  }),
  { maxLength: 2 },
);

const condition = fc.constantFrom<Json>(
  true,
  false,
  '{% $random() < 0.5 %}',
  '{% $exists($n) and $type($n) = "number" and $n > 2 %}',
  '{% $missing %}',
);

/** A machine of at most five states, nested at most `depth` times. Names start with `prefix`: they must be unique. */
export function machineArbitrary(prefix: string, depth: number): fc.Arbitrary<JsonObject> {
  return fc.integer({ min: 1, max: 5 }).chain((count) => {
    const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    const anywhere = fc.constantFrom(...names);
    const states = names.map((name, index) => stateArbitrary(name, names[index + 1] ?? null, anywhere, depth));
    return fc.tuple(...states).map((list) => ({
      StartAt: names[0] ?? '',
      States: Object.fromEntries(list.map((state, index) => [names[index] ?? '', state])),
    }));
  });
}

function stateArbitrary(
  name: string,
  next: string | null,
  anywhere: fc.Arbitrary<string>,
  depth: number,
): fc.Arbitrary<JsonObject> {
  const onwards: JsonObject = next === null ? { End: true } : { Next: next };
  const catchers = fc.array(fc.record({ ErrorEquals: errorNames, Next: anywhere }), { maxLength: 2 });
  const recovery = fc.record({ Retry: retriers, Catch: catchers }, { requiredKeys: [] });
  const task = fc
    .tuple(
      results,
      recovery,
      fc.record({ Arguments: template, TimeoutSeconds: fc.constantFrom(30, '{% 10 + 20 %}') }, { requiredKeys: [] }),
    )
    .map((parts) => ({ Type: 'Task', Resource: 'baton:worker:any', ...onwards, ...Object.assign({}, ...parts) }));
  const pass = results.map((own) => ({ Type: 'Pass', ...onwards, ...own }));
  const wait = fc.integer({ min: 0, max: 90 }).map((Seconds) => ({ Type: 'Wait', Seconds, ...onwards }));
  const ends = fc.constantFrom<JsonObject>({ Type: 'Succeed' }, { Type: 'Fail', Error: 'Weather', Cause: 'rain' });
  const choice = fc
    .array(fc.record({ Condition: condition, Next: anywhere }), { minLength: 1, maxLength: 2 })
    .map((Choices) => ({ Type: 'Choice', Choices, Default: next ?? name }));
  const kinds: fc.Arbitrary<JsonObject>[] = [task, task, task, pass, wait];
  if (next === null) kinds.push(ends);
  else kinds.push(choice);
  if (depth > 0) {
    const inner = fc.tuple(machineArbitrary(`${name}L`, depth - 1), machineArbitrary(`${name}R`, depth - 1));
    const parallel = fc
      .tuple(inner, results, recovery)
      .map(([Branches, own, recovers]) => ({ Type: 'Parallel', Branches, ...onwards, ...own, ...recovers }));
    kinds.push(parallel, parallel);
  }
  return fc.oneof(...kinds);
}
