import fc from 'fast-check';

/*
 * Documents that were good and then met with an accident: parts deleted, swapped, renamed, doubled, nested, or replaced by
 * whatever a text editor, a generator or somebody with bad intentions may put there.
 */

type Path = readonly (string | number)[];

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const deepObject = (levels: number): unknown =>
  JSON.parse(`${'{"States":{"A":{"Type":"Map","ItemProcessor":'.repeat(levels)}1${'}}}'.repeat(levels)}`);

const PATHS = [
  'States.Array(007)',
  'States.Array(-)',
  'States.Array(1e999)',
  "States.Format('{}",
  "States.StringToJson('\"\\u00')",
  `${'States.Array('.repeat(500)}`,
  '$[?(@.key==010)]',
  "$[?(@.key=='\\u12')]",
  '$.[0].a',
  '$.a.[?(@.b)]',
  "$['a','b'].c",
  "$['\\",
  '$..',
  '$[99999999999999999999999]',
  '$[::99999999999999999999999]',
  `$${'[?(@'.repeat(300)}`,
  `$[?(${'!'.repeat(9_000)}@.a)]`,
  `$${'.a'.repeat(8_000)}`,
  '$$$',
  '$.length().a',
];

const EXPRESSIONS = [
  '{%%}',
  '{%}',
  '{% %}',
  '{% ( %}',
  '{% $a[ %}',
  '{% `a %}',
  '{% "\\u12" %}',
  '{% 1e999 %}',
  '{% 007 %}',
  '{% /* %}',
  '{% /[/ %}',
  '{% /(?<a>a)\\k<b>/ %}',
  '{% /(a+)+$/ %}',
  '{% a.%.%.b %}',
  '{% a@$b#$c[%] %}',
  '{% function($x, 1){1} %}',
  '{% ?:?: %}',
  '{% a^(<b,>c)^(d) %}',
  '{% |a|{}, "x"| %}',
  `{% ${'('.repeat(15_000)} %}`,
  `{% ${'[-'.repeat(7_000)} %}`,
  `{% ${'a.'.repeat(5_000)}a %}`,
  `{% ${'1+'.repeat(7_000)}1 %}`,
  `{% ${'a?'.repeat(3_000)} %}`,
];

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  '.$',
  '~1/~0',
  '\u0000',
  '\ud800',
];

const FIELDS = [
  ...['Type', 'Next', 'End', 'States', 'StartAt', 'QueryLanguage', 'Choices', 'Default', 'Branches', 'ItemProcessor'],
  ...['Iterator', 'Items', 'ItemsPath', 'Retry', 'Catch', 'ErrorEquals', 'Assign', 'Output', 'Arguments', 'Parameters'],
  ...['ResultSelector', 'ResultPath', 'InputPath', 'OutputPath', 'Credentials', 'ProcessorConfig', 'Condition', 'Not'],
  ...['And', 'Variable', 'NumericEquals', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Seconds', 'Timestamp', 'Resource'],
  ...['ItemBatcher', 'MaxConcurrency', 'decisions', 'phases', 'steps', 'input', 'budget', 'policy', 'at', '$ref'],
];

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PATHS, ...EXPRESSIONS) },
  { weight: 2, arbitrary: fc.constantFrom(...NAMES, ...FIELDS, 'JSONata', 'JSONPath', 'Map', 'Choice', 'Parallel') },
  {
    weight: 2,
    // YAML knows numbers that JSON does not.
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -0,
      -1,
      0.5,
      1e308,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>([], {}, [[]], [null], { '.$': 1 }, { 'a.$': null }, ['States.ALL']),
  },
  { weight: 1, arbitrary: fc.constantFrom(50, 400, 3_000, 100_000).map(deep) },
  { weight: 1, arbitrary: fc.constantFrom(3, 60, 3_000).map(deepObject) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Where everything is; what is nested without end is looked into only so far. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (!isBranch(value) || path.length > 12) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsIn(Reflect.get(value, key), [...path, key]))];
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (isBranch(inner) ? Reflect.get(inner, key) : undefined), value);

/** A copy in which something else is done to the member at a path. */
function changed(value: unknown, path: Path, change: (entries: [string, unknown][], index: number) => void): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isBranch(value)) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const index = entries.findIndex(([name]) => name === String(key));
  const entry = entries[index];
  if (entry === undefined) return value;
  if (rest.length > 0) entry[1] = changed(entry[1], rest, change);
  else change(entries, index);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const replaced = (value: unknown, path: Path, by: unknown): unknown =>
  path.length === 0
    ? by
    : changed(value, path, (entries, index) => entries.splice(index, 1, [entries[index]?.[0] ?? '', by]));

const mutation = (value: unknown): fc.Arbitrary<unknown> => {
  const paths = pathsIn(value);
  const place = fc.constantFrom(...paths);
  const name = fc.constantFrom(...NAMES, ...FIELDS);
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(place, oddValue).map(([path, odd]) => replaced(value, path, odd)) },
    { weight: 2, arbitrary: place.map((path) => changed(value, path, (entries, index) => entries.splice(index, 1))) },
    { weight: 2, arbitrary: fc.tuple(place, place).map(([path, other]) => replaced(value, path, at(value, other))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, name)
        .map(([path, to]) =>
          changed(value, path, (entries, index) => entries.splice(index, 1, [to, entries[index]?.[1]])),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, name, oddValue)
        .map(([path, to, odd]) => changed(value, path, (entries) => entries.push([to, odd]))),
    },
  );
};

/** The value and how a failing test shows it: what is nested without end has no text. */
export interface Mutated {
  readonly value: unknown;
  readonly [fc.toStringMethod]: () => string;
}

const shown = (value: unknown): string => {
  try {
    return JSON.stringify(value).slice(0, 4_000);
  } catch {
    return 'a value that is nested too deeply to be shown';
  }
};

/** A document after one to four accidents. Not always JSON: YAML has numbers that JSON has not. */
export const mutated = (document: unknown): fc.Arbitrary<Mutated> =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((times) =>
      Array.from({ length: times }).reduce<fc.Arbitrary<unknown>>(
        (before) => before.chain(mutation),
        fc.constant(document),
      ),
    )
    .map((value) => ({ value, [fc.toStringMethod]: () => shown(value) }));
