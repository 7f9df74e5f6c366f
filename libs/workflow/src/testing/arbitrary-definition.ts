import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';

/*
 * Definitions that are well formed and otherwise wild. A state's plain way on is the state after it, so that each is
 * reached and each leads to an end; choices and catchers jump anywhere, backwards too.
 */

/** The variable that a machine assigns: one inside another must use another name. */
const variableAt = (depth: number): string => `n${depth}`;
const increment = (depth: number): string => `{% $exists($${variableAt(depth)}) ? $${variableAt(depth)} + 1 : 0 %}`;

const template = (depth: number): fc.Arbitrary<Json> =>
  fc.constantFrom<Json>(
    null,
    { fixed: [1, 'two'] },
    '{% $states.input %}',
    '{% $exists($states.other) ? $states.other : "none" %}',
    { id: '{% $uuid() %}', at: ['{% $millis() %}', '{% $random() %}'] },
    increment(depth),
    increment(depth + 1),
    '{% $missing %}',
  );

const results = (depth: number): fc.Arbitrary<JsonObject> =>
  fc.record<JsonObject>(
    {
      Output: template(depth),
      Assign: fc
        .constantFrom<Json>(1, increment(depth), '{% $states.input %}')
        .map((value) => ({ [variableAt(depth)]: value })),
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

const condition = (variable: string): fc.Arbitrary<Json> =>
  fc.constantFrom<Json>(
    true,
    false,
    '{% $random() < 0.5 %}',
    `{% $exists($${variable}) and $type($${variable}) = "number" and $${variable} > 2 %}`,
    '{% $missing %}',
  );

const mapFields = (depth: number) =>
  fc.record(
    {
      Items: fc.constantFrom<Json>([], [1], [1, 2, '{% $states.input %}'], '{% [1..4] %}', '{% $missing %}'),
      ItemSelector: template(depth),
      MaxConcurrency: fc.constantFrom<Json>(0, 1, 2, '{% 1 + 1 %}'),
      ToleratedFailureCount: fc.constantFrom(0, 1),
      ToleratedFailurePercentage: fc.constantFrom<Json>(50, '{% 100 %}'),
      ItemBatcher: fc.constantFrom<JsonObject>({ MaxItemsPerBatch: 2 }, { MaxInputBytesPerBatch: 8, BatchInput: 1 }),
    },
    { requiredKeys: ['Items'] },
  );

const path = fc.constantFrom('$', '$.a', '$.a[0]', '$..a', '$$.State.Name', '$n', '$.a[?(@ > 1)]', '$$.Map.Item.Value');
const reference = fc.constantFrom('$', '$.a', '$.a[0]', '$$.State.Name', '$n', '$$.Map.Item.Value');
const payload = fc.constantFrom<Json>(
  {},
  { a: [1, 2] },
  { 'a.$': '$' },
  { 'a.$': 'States.Array($, States.UUID())' },
  { 'a.$': "States.StringToJson('{')" },
  { b: [{ 'n.$': 'States.MathAdd($n, 1)' }] },
);

const paths = fc.record(
  {
    InputPath: fc.option(path, { freq: 4 }),
    OutputPath: fc.option(path, { freq: 4 }),
    ResultPath: fc.constantFrom(null, '$', '$.a', '$.a.b', '$.a[0]'),
    Assign: fc.constantFrom<JsonObject>({ n: 1 }, { 'n.$': '$' }, { 'n.$': 'States.MathAdd($n, 1)' }),
  },
  { requiredKeys: [] },
);

/** Without the members that are undefined: a definition is JSON. */
const given = (fields: { readonly [name: string]: Json | undefined }): JsonObject => JSON.parse(JSON.stringify(fields));

const pathChoice = (anywhere: fc.Arbitrary<string>, next: string): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(
      fc.constantFrom<JsonObject>(
        { Variable: '$.a', IsPresent: true },
        { Not: { Variable: '$n', NumericGreaterThan: 2 } },
        {
          Or: [
            { Variable: '$.a', StringMatches: '*' },
            { Variable: '$n', IsPresent: false },
          ],
        },
      ),
      anywhere,
    )
    .map(([rule, Next]) => ({ Type: 'Choice', Choices: [{ ...rule, Next }], Default: next }));

/** A machine of at most five states, in JSONPath mode, for the root of a definition that says no language. */
export function pathMachineArbitrary(prefix: string): fc.Arbitrary<JsonObject> {
  return machineArbitrary(prefix, 0, 'JSONPath');
}

/** A machine of at most five states, nested at most `depth` times. Names start with `prefix`: they must be unique. */
export function machineArbitrary(
  prefix: string,
  depth: number,
  language: 'JSONata' | 'JSONPath' = 'JSONata',
): fc.Arbitrary<JsonObject> {
  return fc.integer({ min: 1, max: 5 }).chain((count) => {
    const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    const anywhere = fc.constantFrom(...names);
    const states = names.map((name, index) =>
      stateArbitrary(name, names[index + 1] ?? null, anywhere, depth, language),
    );
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
  language: 'JSONata' | 'JSONPath' = 'JSONata',
): fc.Arbitrary<JsonObject> {
  const onwards: JsonObject = next === null ? { End: true } : { Next: next };
  const catchers = fc.array(fc.record({ ErrorEquals: errorNames, Next: anywhere }), { maxLength: 2 });
  const recovery = fc.record({ Retry: retriers, Catch: catchers }, { requiredKeys: [] });
  const task = fc
    .tuple(
      results(depth),
      recovery,
      fc.record(
        { Arguments: template(depth), TimeoutSeconds: fc.constantFrom(30, '{% 10 + 20 %}') },
        { requiredKeys: [] },
      ),
    )
    .map((parts) => ({ Type: 'Task', Resource: 'baton:worker:any', ...onwards, ...Object.assign({}, ...parts) }));
  const pass = results(depth).map((own) => ({ Type: 'Pass', ...onwards, ...own }));
  const wait = fc.integer({ min: 0, max: 90 }).map((Seconds) => ({ Type: 'Wait', Seconds, ...onwards }));
  const ends = fc.constantFrom<JsonObject>({ Type: 'Succeed' }, { Type: 'Fail', Error: 'Weather', Cause: 'rain' });
  const choice = fc
    .array(fc.record({ Condition: condition(variableAt(depth)), Next: anywhere }), { minLength: 1, maxLength: 2 })
    .map((Choices) => ({ Type: 'Choice', Choices, Default: next ?? name }));
  const kinds: fc.Arbitrary<JsonObject>[] = [task, task, task, pass, wait];
  if (language === 'JSONPath') {
    const own = fc
      .tuple(
        paths,
        fc.record(
          { Parameters: payload, Result: fc.oneof(payload, fc.constant(null)), TimeoutSecondsPath: reference },
          { requiredKeys: [] },
        ),
      )
      .chain(([places, { Parameters, Result, TimeoutSecondsPath }]) =>
        fc.constantFrom<JsonObject>(
          { Type: 'Pass', ...onwards, ...places, ...given({ Parameters, Result }) },
          {
            Type: 'Task',
            Resource: 'baton:worker:any',
            ...onwards,
            ...places,
            ...given({ Parameters, TimeoutSecondsPath }),
          },
        ),
      );
    return fc.oneof(own, own, ...(next === null ? [] : [pathChoice(anywhere, next)]));
  }
  if (next === null) kinds.push(ends);
  else kinds.push(choice);
  if (depth > 0) {
    const inner = fc.tuple(machineArbitrary(`${name}L`, depth - 1), machineArbitrary(`${name}R`, depth - 1));
    const parallel = fc
      .tuple(inner, results(depth), recovery)
      .map(([Branches, own, recovers]) => ({ Type: 'Parallel', Branches, ...onwards, ...own, ...recovers }));
    const map = fc
      .tuple(machineArbitrary(`${name}M`, depth - 1), results(depth), recovery, mapFields(depth))
      .map(([ItemProcessor, own, recovers, fields]) => ({
        Type: 'Map',
        ItemProcessor,
        ...onwards,
        ...own,
        ...recovers,
        ...fields,
      }));
    kinds.push(parallel, parallel, map, map);
  }
  return fc.oneof(...kinds);
}
