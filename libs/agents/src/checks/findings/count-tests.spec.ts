import { describe, expect, test } from 'vitest';
import { countTests, isWithoutTest } from './count-tests.js';

const none = (): boolean => false;
const printed = (text: string) => countTests('lines', text, text, none);

describe('the number of tests that ran', () => {
  test.each([
    ['node:test that found none', 'ℹ tests 0\nℹ suites 0\nℹ pass 0\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\n', 0],
    ['node:test that skipped all', 'ℹ tests 2\nℹ pass 0\nℹ fail 0\nℹ skipped 1\nℹ todo 1\n', 0],
    ['node:test', '✔ adds (1ms)\nℹ tests 3\nℹ pass 2\nℹ fail 1\n', 3],
    ['two runs, one of which found none', '# tests 0\n# pass 0\n# fail 0\n# tests 2\n# pass 2\n# fail 0\n', 2],
    ['vitest that found none', 'No test files found, exiting with code 0\n', 0],
    ['vitest', ' Test Files  1 passed (1)\n      Tests  1 failed | 4 passed | 2 skipped (7)\n', 5],
    ['vitest that skipped all', ' Test Files  1 skipped (1)\n      Tests  2 skipped (2)\n', 0],
    ['jest that found none', 'No tests found, exiting with code 0\n', 0],
    ['jest', 'Tests:       1 skipped, 4 passed, 5 total\n', 4],
    ['jest that skipped all', 'Tests:       2 skipped, 2 total\n', 0],
    ['jest as JSON', '{"numFailedTests":0,"numPassedTests":0,"numTotalTests":0}', 0],
    ['mocha', '\n  3 passing (9ms)\n  1 failing\n', 4],
    ['mocha that found none', '\n  0 passing (1ms)\n', 0],
    ['pytest that found none', '\nno tests ran in 0.01s\n', 0],
    ['pytest', '==== 1 failed, 4 passed, 2 skipped in 0.12s ====\n', 5],
    ['pytest that skipped all', '3 skipped in 0.01s\n', 0],
    ['unittest that found none', '\nRan 0 tests in 0.000s\n\nOK\n', 0],
    ['unittest that skipped all', 'Ran 2 tests in 0.000s\n\nOK (skipped=2)\n', 0],
    ['unittest', 'Ran 3 tests in 0.001s\n\nOK (skipped=1)\n', 2],
    ['cargo that found none', 'running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored\n', 0],
    ['cargo', 'test result: ok. 2 passed; 0 failed; 0 ignored\ntest result: ok. 0 passed; 0 failed\n', 2],
    ['go that found none', '?   \texample.com/a\t[no test files]\n', 0],
    ['go', '?   \texample.com/a\t[no test files]\nok  \texample.com/b\t0.002s\n', 1],
    ['anything else', 'all is well, 0 problems\n', null],
  ])('is told by %s', (_, text, count) => {
    expect(printed(text)).toBe(count);
  });

  test.each([
    ['none', 'TAP version 13\n1..0\n# tests 0\n', 0],
    ['tests within others', 'TAP version 13\n# Subtest: a\n    ok 1 - b\n    1..1\nok 1 - a\n1..1\n', 2],
    ['only what was skipped', 'TAP version 13\nok 1 - x # SKIP\nok 2 - y # TODO\n1..2\n', 0],
  ])('is counted in TAP of %s', (_, text, count) => {
    expect(countTests('tap', text, text, none)).toBe(count);
  });

  test.each([
    ['none', '<testsuites tests="0"/>', 0],
    ['a suite of none', '<testsuites><testsuite name="pytest" tests="0"></testsuite></testsuites>', 0],
    ['some', '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>', 1],
  ])('is counted in JUnit of %s', (_, text, count) => {
    expect(countTests('junit', text, '', none)).toBe(count);
  });

  test('has no place for a file without a test, which node counts as one', () => {
    const isEmpty = (name: string): boolean => name === 'a.test.mjs';
    expect(countTests('tap', 'TAP version 13\nok 1 - a.test.mjs\n1..1\n', '', isEmpty)).toBe(0);
    expect(countTests('lines', '', '✔ a.test.mjs (31.1ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\n', isEmpty)).toBe(0);
    expect(countTests('tap', 'TAP version 13\nok 1 - b.test.mjs\n1..1\n', '', isEmpty)).toBe(1);
  });
});

test.each([
  ['', true],
  ["// gone\nimport assert from 'node:assert';\nexport {};\n", true],
  ["import { test } from 'node:test';\ntest.skip('a', () => {});\n", true],
  ["import assert from 'node:assert';\nassert.equal(1, 1);\n", false],
])('a file that says %j holds no test: %s', (content, isEmpty) => {
  expect(isWithoutTest(content)).toBe(isEmpty);
});
