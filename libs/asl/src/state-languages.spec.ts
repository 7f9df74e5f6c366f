import { expect, test } from 'vitest';
import { type JsonObject, languageOf, machineAt, parseDefinition } from './index.js';
import { withStateLanguages } from './state-languages.js';

const pass: JsonObject = { Type: 'Pass', End: true };
const machine = (over: JsonObject = {}): JsonObject => ({ StartAt: 'B', States: { B: pass }, ...over });
const map = (over: JsonObject = {}, processor = machine()): JsonObject => ({
  StartAt: 'A',
  States: { A: { Type: 'Map', ItemProcessor: processor, End: true, ...over } },
});
const AT = '/States/A/ItemProcessor';

/** The language of the state B inside. */
function languageInside(definition: JsonObject, at = AT) {
  const parsed = parseDefinition(definition);
  const state = parsed.machine === null ? undefined : machineAt(parsed.machine, at)?.States.B;
  if (parsed.machine === null || state === undefined) throw new Error(JSON.stringify(parsed.findings));
  return languageOf(parsed.machine, at, state);
}

test.each<[string, JsonObject, string]>([
  ['in JSONPath, of a definition that says nothing', map(), 'JSONPath'],
  ['in JSONata, of a definition in JSONata', { ...map(), QueryLanguage: 'JSONata' }, 'JSONata'],
  ['that of the definition, not of the Map', map({ QueryLanguage: 'JSONata' }), 'JSONPath'],
  ['that of its own machine', map({ QueryLanguage: 'JSONata' }, machine({ QueryLanguage: 'JSONata' })), 'JSONata'],
  ['its own', map({}, machine({ States: { B: { ...pass, QueryLanguage: 'JSONata' } } })), 'JSONata'],
])('a state inside a Map is %s', (_what, definition, language) => {
  expect(languageInside(definition)).toBe(language);
});

test('a branch takes over the language of the machine that its Parallel stands in', () => {
  const fork = { Type: 'Parallel', Branches: [machine()], End: true };
  const definition = map({}, machine({ QueryLanguage: 'JSONata', StartAt: 'P', States: { P: fork } }));
  expect(languageInside(definition, `${AT}/States/P/Branches/0`)).toBe('JSONata');
});

test('publication says which language the states are in where one may expect another', () => {
  const { findings } = parseDefinition(map({ QueryLanguage: 'JSONata' }));
  expect(findings).toMatchObject([{ severity: 'warning', code: 'query-language', pointer: AT }]);
  expect(parseDefinition(map({ QueryLanguage: 'JSONata' }, machine({ QueryLanguage: 'JSONata' }))).findings).toEqual(
    [],
  );
});

test('what is in the other language there is refused', () => {
  const processor = machine({ States: { B: { ...pass, Output: '{% 1 %}' } } });
  expect(parseDefinition(map({ QueryLanguage: 'JSONata' }, processor)).findings).toMatchObject([
    { severity: 'warning', code: 'query-language' },
    { severity: 'error', pointer: `${AT}/States/B/Output` },
  ]);
});

test('a definition of the old rule keeps its meaning when the languages are written down', () => {
  const fork = {
    Type: 'Parallel',
    QueryLanguage: 'JSONata',
    Branches: [machine(), machine({ StartAt: 'C', States: { C: pass } })],
    End: true,
  };
  const old = map({ QueryLanguage: 'JSONata' });
  expect(languageInside(withStateLanguages(old))).toBe('JSONata');
  expect(withStateLanguages({ StartAt: 'P', States: { P: fork } })).toMatchObject({
    States: { P: { Branches: [{ QueryLanguage: 'JSONata' }, { QueryLanguage: 'JSONata' }] } },
  });
  // Under the old rule a Map inside that Map was in JSONata as well, which follows from what is written down.
  const nested = map(
    { QueryLanguage: 'JSONata' },
    machine({ StartAt: 'M', States: { M: { ...pass, Type: 'Map', Iterator: machine() } } }),
  );
  expect(withStateLanguages(nested)).toMatchObject({
    States: { A: { ItemProcessor: { QueryLanguage: 'JSONata', States: { M: { Iterator: { StartAt: 'B' } } } } } },
  });
});

test('other definitions are left alone', () => {
  for (const definition of [map(), { ...map(), QueryLanguage: 'JSONata' }, { States: 5 }, {}]) {
    expect(withStateLanguages(definition)).toBe(definition);
  }
});
