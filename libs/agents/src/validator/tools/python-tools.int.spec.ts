import { describe, expect, it } from 'vitest';
import type { ToolArguments } from '../../task/task-arguments.js';
import { findingsOf, python, run, toolIn, typescript } from '../../testing/tool-runs.js';

describe.skipIf(python === null)('the tools of a Python deliverable', () => {
  const scale = { path: 'scale.py', content: 'def scale(x: float) -> float:\n    return x * 2\n' };
  const test = {
    path: 'tests/test_scale.py',
    content: `import unittest
from scale import scale


class ScaleTest(unittest.TestCase):
    def test_doubles(self) -> None:
        self.assertEqual(scale(2), 4)
`,
  };
  const deliverable = (files: ToolArguments['files'], testCommand = 'python3 -m unittest discover'): ToolArguments =>
    typescript(files, { language: 'python', testCommand });

  it('pass where it parses and passes its tests; the type check is left out', async () => {
    const report = await run(deliverable([scale, test], 'python3 -m unittest discover -s tests'));
    expect(report).toMatchObject({ passed: true, failing: [], leftOut: ['types'], notRun: [], reason: null });
    expect(toolIn(report, 'types')?.reason).toContain('type checker');
  });

  it('run the test files by name where the command is not plain unittest', async () => {
    expect(await run(deliverable([scale, test], 'make test; rm -rf /'))).toMatchObject({ passed: true });
    expect(await run(deliverable([scale, test], 'python3 -m unittest discover -s ../..'))).toMatchObject({
      passed: true,
    });
  });

  it('name file and line of what does not parse and of each failing test', async () => {
    const broken = { path: 'broken.py', content: 'x = 1\ndef f(:\n' };
    const wrong = { ...test, content: test.content.replace('4)', '5)') };
    const report = await run(deliverable([scale, wrong, broken], ''));
    expect(report.failing).toEqual(['parse', 'tests']);
    expect(findingsOf(report, 'parse')).toEqual([{ file: 'broken.py', line: 2, message: expect.any(String) }]);
    expect(findingsOf(report, 'tests')).toEqual([
      {
        file: 'tests/test_scale.py',
        line: 7,
        message: expect.stringMatching(/^test_doubles .*AssertionError: 4 != 5$/),
      },
    ]);
  });

  it('fail a deliverable in which no test ran', async () => {
    const skipped = { ...test, content: test.content.replace('    def', "    @unittest.skip('later')\n    def") };
    expect(findingsOf(await run(deliverable([scale])), 'tests')).toHaveLength(1);
    expect(JSON.stringify(findingsOf(await run(deliverable([scale, skipped], '')), 'tests'))).toContain(
      '1 were skipped',
    );
  });

  it('prove nothing where there is no Python', async () => {
    const report = await run(deliverable([scale, test]), { python: async () => null });
    expect(report).toMatchObject({ passed: false, failing: [], leftOut: ['parse', 'types', 'tests'] });
    expect(report.notRun).toEqual(['parse', 'tests']);
    expect(report.reason).toMatch(/^parse and tests did not run.*Install Python/);
    expect(toolIn(report, 'parse')?.reason).toContain('Install Python');
  });
});
