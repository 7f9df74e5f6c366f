import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentWith } from './testing/document-with.js';
import { readMermaid } from './testing/read-mermaid.js';
import { toMermaid } from './to-mermaid.js';

test('every kind of state has its shape, and every way on its line', () => {
  const document = documentWith(
    {
      Ask: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Catch: [{ ErrorEquals: ['States.Timeout', 'Weather'], Next: 'Broken' }],
        Next: 'Good',
      },
      Good: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $score >= 9 %}', Next: 'Both' }],
        Default: 'Later',
      },
      Later: { Type: 'Wait', Seconds: 5, Next: 'Ask' },
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
          { StartAt: 'Right', States: { Right: { Type: 'Task', Resource: 'baton:approval', End: true } } },
        ],
        Next: 'Each',
      },
      Each: {
        Type: 'Map',
        ItemProcessor: {
          StartAt: 'One',
          States: { One: { Type: 'Task', Resource: 'baton:workflow:child@1.0.0', End: true } },
        },
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
      Broken: { Type: 'Fail', Error: 'Broken' },
    },
    { phases: [{ name: 'ask', states: ['Ask', 'Good', 'Later'] }], steps: { Ask: { number: 1, title: 'A question' } } },
  );
  expect(toMermaid(document)).toBe(`flowchart TD
  start((start)) --> s1
  subgraph m0p0 ["phase ask"]
    s1["Ask<br/>1 A question<br/>worker prompt"]
    s2{"Good"}
    s3("Later<br/>wait")
  end
  s4[["Both<br/>parallel"]]
  subgraph m1 ["Both#58; branch 1"]
    s8("Left<br/>pass<br/>end")
  end
  subgraph m2 ["Both#58; branch 2"]
    s9["Right<br/>approval<br/>end"]
  end
  s5[["Each<br/>map"]]
  subgraph m3 ["Each#58; each item"]
    s10["One<br/>workflow child#64;1.0.0<br/>end"]
  end
  s6(["Done<br/>succeed"])
  s7{{"Broken<br/>fail"}}
  s1 --> s2
  s1 -.->|"catch States.Timeout, Weather"| s7
  s2 -->|"$score #62;= 9"| s4
  s2 -->|"default"| s3
  s3 --> s1
  s4 --> s5
  s5 --> s6
  s4 ==>|"branch 1"| s8
  s4 ==>|"branch 2"| s9
  s5 ==>|"each item"| s10
`);
});

test('a phase that goes on inside a Parallel is drawn once', () => {
  const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };
  const States: JsonObject = { Out: { Type: 'Parallel', Branches: [inner], End: true } };
  const text = toMermaid(documentWith(States, { phases: [{ name: 'one', states: ['Out', 'In'] }] }));
  expect(text.match(/"phase one"/g)).toHaveLength(1);
});

/* Each of these means something to Mermaid, or to what it draws with, where it is not escaped. */
const HOSTILE = [
  'end',
  'default',
  'style a:#f00;',
  'a"b',
  '`**bold**`',
  'a[b]{c}(d)|e|',
  '%%{init: {"theme":"dark"}}%%',
  '%% comment',
  '#quot;#35;',
  '<script>alert(1)</script>',
  '<br/>',
  '&amp;',
  'two\nlines',
  '\t',
  ' ',
  'right\u202eleft',
  '日本語 😀',
  '--> s1',
  '1. a',
  '- a',
  '$$x$$',
  'fa:fa-car',
  'direction LR',
  '@{shape: rect}',
  'half \ud800 a pair',
];

describe.each(HOSTILE)('a text such as %j', (text) => {
  test('stays a text wherever it stands', () => {
    const document = documentWith(
      {
        [text]: {
          Type: 'Choice',
          Choices: [{ Condition: `{% $states.input = ${JSON.stringify(text)} %}`, Next: 'P' }],
          Default: 'P',
        },
        P: {
          Type: 'Parallel',
          Branches: [{ StartAt: `${text} `, States: { [`${text} `]: { Type: 'Pass', End: true } } }],
          Catch: [{ ErrorEquals: [text], Next: 'P' }],
          End: true,
        },
      },
      { phases: [{ name: text, states: [text] }], steps: { [text]: { number: 1, title: text } } },
    );
    const { nodes, edges } = readMermaid(toMermaid(document));
    expect(nodes.size).toBe(3);
    expect(edges).toHaveLength(4);
  });
});

test.each<[string, JsonObject, string]>([
  ['a comparison', { Variable: '$.n', NumericGreaterThanEquals: 2 }, '$.n ≥ 2'],
  ['a text', { Variable: '$.a', StringEquals: 'x' }, '$.a = "x"'],
  ['another path', { Variable: '$.a', StringLessThanPath: '$.b' }, '$.a < $.b'],
  ['a pattern', { Variable: '$.a', StringMatches: 'x*' }, '$.a matches "x*"'],
  ['a missing value', { Variable: '$.a', IsPresent: false }, '$.a is not present'],
  [
    'tests within one another',
    {
      Not: {
        Or: [
          { Variable: '$.a', IsNull: true },
          { And: [{ Variable: '$.b', BooleanEquals: true }, { Not: { Variable: '$.c', IsString: true } }] },
        ],
      },
    },
    'not ($.a is null or ($.b = true and not $.c is string))',
  ],
])('in JSONPath mode a rule about %s is written out', (_, rule, expected) => {
  const States: JsonObject = {
    A: { Type: 'Choice', Choices: [{ ...rule, Next: 'B' }], Default: 'B' },
    B: { Type: 'Succeed' },
  };
  const { edges } = readMermaid(toMermaid(documentWith(States, {}, 'JSONPath')));
  expect(edges.map(({ label }) => label)).toEqual([expected, 'default']);
});

test('a long condition is cut', () => {
  const long = `{% $a = "${'x'.repeat(200)}" %}`;
  const States: JsonObject = {
    A: { Type: 'Choice', Choices: [{ Condition: long, Next: 'B' }], Default: 'B' },
    B: { Type: 'Succeed' },
  };
  expect(readMermaid(toMermaid(documentWith(States))).edges[0]?.label).toBe(`$a = "${'x'.repeat(53)}…`);
});
