import { expect, test } from 'vitest';
import { readFindings } from './read-findings.js';

test('TAP of node:test: the failed tests with place and assertion, and none of what only holds them', () => {
  const text = `TAP version 13
# Subtest: adds
    # Subtest: zero
    not ok 1 - zero
      ---
      duration_ms: 1.2
      type: 'test'
      location: '/work/sum.test.ts:7:3'
      failureType: 'testCodeFailure'
      error: |-
        Expected values to be strictly equal:
        
        1 !== 0
      code: 'ERR_ASSERTION'
      ...
    ok 2 - one # SKIP later
    1..2
not ok 1 - adds
  ---
  type: 'suite'
  location: '/work/sum.test.ts:5:1'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
not ok 2 - later # TODO not yet
1..2
`;
  expect(readFindings('tap', text)).toEqual([
    {
      file: '/work/sum.test.ts',
      line: 7,
      message: expect.stringContaining('test "zero": Expected values to be strictly equal'),
    },
  ]);
});

test('JUnit: failures and errors of suites within suites', () => {
  const text = `<?xml version="1.0"?><testsuites><testsuite name="a"><testsuite name="b">
    <testcase classname="tests.test_a" name="test_x" file="tests/test_a.py" line="12"><failure message="assert 1 == 2">trace</failure></testcase>
    <testcase classname="tests.test_a" name="test_ok"/></testsuite>
    <testcase name="breaks"><error>boom &lt;here&gt;</error></testcase></testsuite></testsuites>`;
  expect(readFindings('junit', text)).toEqual([
    { file: null, line: null, message: 'test "breaks": boom <here>' },
    { file: 'tests/test_a.py', line: 12, message: 'test "tests.test_a test_x": assert 1 == 2' },
  ]);
});

test.each([
  [
    'entities that multiply',
    `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuite><testcase name="&b;"><failure>&b;</failure></testcase></testsuite>`,
  ],
  ['what is no XML', '<testsuite><testcase'],
  ['another document', '<html><body>502</body></html>'],
])('JUnit with %s is bounded and throws nothing', (_, text) => {
  const findings = readFindings('junit', text) ?? [];
  expect(JSON.stringify(findings).length).toBeLessThan(1_000);
});

test('SARIF: results with their place, and no notes', () => {
  const result = (level: string | undefined, text: string) => ({
    ...(level === undefined ? {} : { level }),
    ruleId: 'R1',
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a.c' }, region: { startLine: 3 } } }],
  });
  const text = JSON.stringify({
    version: '2.1.0',
    runs: [{ results: [result('error', 'bad'), result('note', 'fyi'), result(undefined, 'odd')] }],
  });
  expect(readFindings('sarif', text)).toEqual([
    { file: 'src/a.c', line: 3, message: 'R1: bad' },
    { file: 'src/a.c', line: 3, message: 'R1: odd' },
  ]);
});

test('ESLint and ruff, also behind the words of a runner', () => {
  const eslint = [
    {
      filePath: '/work/a.js',
      messages: [
        { line: 2, message: 'no', severity: 2, ruleId: 'r' },
        { line: 3, message: 'warned', severity: 1, ruleId: 'w' },
      ],
    },
  ];
  expect(readFindings('eslint', `> lint\n> eslint\n\n${JSON.stringify(eslint)}`)).toEqual([
    { file: '/work/a.js', line: 2, message: 'no (r)' },
  ]);
  const ruff = [
    { filename: 'a.py', code: 'F401', message: 'unused', location: { row: 1, column: 1 } },
    { filename: 'b.py', code: null, message: 'syntax', location: null },
  ];
  expect(readFindings('ruff', JSON.stringify(ruff))).toEqual([
    { file: 'a.py', line: 1, message: 'F401: unused' },
    { file: 'b.py', line: null, message: 'syntax' },
  ]);
});

test('the compiler, and lines that name a place', () => {
  expect(
    readFindings('tsc', "src/a.ts(3,7): error TS2322: Type 'x'\n  is not 'y'.\nerror TS18003: No inputs."),
  ).toEqual([
    { file: 'src/a.ts', line: 3, message: "TS2322: Type 'x'\n  is not 'y'." },
    { file: null, line: null, message: 'TS18003: No inputs.' },
  ]);
  const printed =
    './pkg/sum.go:12:5: undefined: x\nok  pkg 0.1s\n  --> src/main.rs:4:9\nsrc/lib.rs:7: warning: unused\nhttp://x.y:80/z';
  expect(readFindings('lines', printed)).toEqual([
    { file: 'pkg/sum.go', line: 12, message: 'undefined: x' },
    { file: 'src/lib.rs', line: 7, message: 'warning: unused' },
  ]);
});

test.each(['tap', 'junit', 'sarif', 'eslint', 'ruff', 'tsc', 'lines'] as const)(
  '%s: anything else gives no findings, and nothing throws',
  (format) => {
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      '[1]',
      '{"runs":1}',
      'hello',
      '\u0000',
      '<',
      `${'x'.repeat(100_000)}`,
    ]) {
      expect(readFindings(format, text)).toBeNull();
    }
  },
);

test('lines of any length and shape are read at once', () => {
  for (const part of ['a.', 'a/', ' ', 'a.b:1', '../', ':'])
    expect(() => readFindings('lines', `${part.repeat(300_000)}\n`.repeat(2))).toComputeWithin(500);
});
