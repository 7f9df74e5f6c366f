import { basename } from 'node:path';
import { pathProblem } from '@baton/workspace';
import type { ToolFinding } from '../../task/outputs.js';
import { printedFindings } from './printed-findings.js';
import { failedEarly, inside, leftOut, runTool, type Tool, type ToolContext, toolResult } from './tool.js';

const NO_PYTHON =
  'There is no python3 on the PATH of the validator. Install Python 3.9 or later, or ask for language typescript.';

const isPython = (file: { readonly path: string }): boolean => file.path.endsWith('.py');

/** Reads the files, never executes them. */
const PARSE_SCRIPT = `
import ast, json, sys
findings = []
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as source:
            ast.parse(source.read(), path)
    except (SyntaxError, ValueError) as error:
        findings.append({"file": path, "line": getattr(error, "lineno", None), "message": getattr(error, "msg", str(error))})
print(json.dumps(findings))
`;

/** Every Python file parses. Executes nothing. */
export const parsePython: Tool = async (context) => {
  if (context.python === null) return leftOut('parse', NO_PYTHON);
  const files = context.input.files.filter(isPython).map((file) => file.path);
  if (files.length === 0) return failedEarly('parse', 'the deliverable holds no Python file');
  const python = inside(context, context.python);
  const outcome = await runTool(context, [python, '-I', '-B', '-c', PARSE_SCRIPT, ...files]);
  return toolResult(context, 'parse', outcome, printedFindings(outcome));
};

export const checkPythonTypes: Tool = async () =>
  leftOut('types', 'Python has no type checker in its standard library, and nothing is installed for a deliverable.');

/** The deliverable's unittest tests. A deliverable in which no test ran has failed. */
export const runPythonTests: Tool = async (context) => {
  if (context.input.executionRefused !== null) return leftOut('tests', context.input.executionRefused);
  if (context.python === null) return leftOut('tests', NO_PYTHON);
  const args = unittestArguments(context);
  if (args === null) return failedEarly('tests', 'the deliverable holds no test: no file is named test_*.py');
  const outcome = await runTool(context, [inside(context, context.python), '-B', '-m', 'unittest', ...args]);
  // unittest reports on stderr.
  const empty = emptyTests(outcome.stderr);
  const findings = [...unittestFindings(context, outcome.stderr), ...empty];
  return toolResult(context, 'tests', outcome, findings, { isComplete: empty.length === 0 });
};

/**
 * What the deliverable itself says how to run it, where that is plain unittest: the layout decides which folder imports
 * start from. Otherwise every test file is named. The command is never given to a shell.
 */
function unittestArguments({ input }: ToolContext): readonly string[] | null {
  const [python, dashM, unittest, ...rest] = input.testCommand.trim().split(/\s+/);
  const isUnittest = /^python3?$/.test(python ?? '') && dashM === '-m' && unittest === 'unittest';
  if (isUnittest && rest.length > 0 && rest.every(isPlainArgument)) return rest.filter((word) => !isVerbosity(word));
  const tests = input.files.filter((file) => /^test.*\.py$|_test\.py$/.test(basename(file.path)));
  return tests.length === 0 ? null : tests.map((file) => file.path);
}

const isVerbosity = (word: string): boolean => ['-v', '-q', '--verbose', '--quiet'].includes(word);

const isPlainArgument = (word: string): boolean =>
  word === 'discover' ||
  word === '.' ||
  isVerbosity(word) ||
  ['-s', '-t', '-p', '--start-directory', '--top-level-directory', '--pattern'].includes(word) ||
  (/^["']?[\w*][\w./*-]*["']?$/.test(word) && pathProblem(word) === null);

/** `FAIL: test_name (…)`, a line of dashes, a traceback and the error. The place is the traceback's last line in the deliverable. */
function unittestFindings(context: ToolContext, output: string): readonly ToolFinding[] {
  const work = inside(context, context.workspace.folder.work);
  const findings: ToolFinding[] = [];
  for (const block of output.split(/^={70}\n/m).slice(1)) {
    const title = /^(?:FAIL|ERROR): (.*)$/m.exec(block)?.[1] ?? 'a test';
    const body = block.split(/^-{70}\n/m)[1] ?? '';
    const places = [...body.matchAll(/^ {2}File "([^"]+)", line (\d+)/gm)]
      .map(([, file = '', line]) => ({ file, line: Number(line) }))
      .filter(({ file }) => file.startsWith(`${work}/`));
    const place = places.at(-1);
    const reason = /^(?![ \n]|Traceback)(.+)$/m.exec(body)?.[1] ?? 'failed';
    findings.push({
      file: place?.file ?? null,
      line: place?.line ?? null,
      message: `${title}: ${reason}`,
    });
  }
  return findings;
}

function emptyTests(output: string): readonly ToolFinding[] {
  const ran = Number(/^Ran (\d+) tests? in/m.exec(output)?.[1] ?? Number.NaN);
  const skipped = Number(/^OK \(.*skipped=(\d+)/m.exec(output)?.[1] ?? 0);
  if (Number.isNaN(ran) || ran > skipped) return [];
  const note = skipped > 0 ? ` (${skipped} were skipped)` : '';
  return [{ file: null, line: null, message: `the deliverable holds no test that ran${note}` }];
}
