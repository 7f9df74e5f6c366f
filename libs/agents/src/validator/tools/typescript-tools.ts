import { dirname, extname, join, relative } from 'node:path';
import { type Execution, endingOf } from '@baton/sandbox';
import { z } from 'zod';
import type { DeliverableFile } from '../../task/file-set.js';
import { ToolFinding } from '../../task/outputs.js';
import { printedFindings, readPrinted } from './printed-findings.js';
import { failedEarly, inside, leftOut, relativeTo, runTool, type Tool, type ToolContext, toolResult } from './tool.js';
import { childScript, compilerProgram, nodeTypes, packageFolders } from './tool-files.js';
import { writeForAll } from './workspace.js';

const PARSED = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];
const TYPED = ['.ts', '.mts', '.cts'];

/** V8's own bound, below the limit of the process, so that it ends with a message instead of a signal. */
const HEAP_FLAG = '--max-old-space-size=768';

const hasExtension = (extensions: readonly string[]) => (file: DeliverableFile) =>
  extensions.includes(extname(file.path));

const NO_TYPESCRIPT = 'the deliverable holds no TypeScript file';

/** Every source file parses as Node will parse it, and every JSON file as JSON. Executes nothing. */
export const parseTypeScript: Tool = async (context) => {
  const files = context.input.files.filter(hasExtension(PARSED));
  if (!files.some(hasExtension(TYPED))) return failedEarly('parse', NO_TYPESCRIPT);
  const outcome = await runTool(context, [
    inside(context, context.node),
    HEAP_FLAG,
    '--experimental-vm-modules',
    inside(context, childScript('parse-typescript')),
    ...files.map((file) => `./${file.path}`),
  ]);
  return toolResult(context, 'parse', outcome, printedFindings(outcome).map(withoutDot));
};

/** A path that begins with a dash must not be read as a flag, so it went out as `./path`. */
const withoutDot = (finding: ToolFinding): ToolFinding => ({
  ...finding,
  file: finding.file?.replace(/^\.\//, '') ?? null,
});

/** The pinned compiler, strict, with a configuration of ours: the deliverable's own could loosen it. Executes nothing. */
export const checkTypes: Tool = async (context) => {
  if (!context.input.files.some(hasExtension(TYPED))) return failedEarly('types', NO_TYPESCRIPT);
  const configFile = join(context.workspace.folder.own, 'tsconfig.json');
  await writeForAll(configFile, JSON.stringify(typeCheckConfig(inside(context, nodeTypes()))));
  const compile = (flags: readonly string[], keptOutputBytes: number) =>
    runTool(
      context,
      [
        inside(context, context.node),
        inside(context, compilerProgram()),
        '--project',
        inside(context, configFile),
        '--pretty',
        'false',
        ...flags,
      ],
      { keptOutputBytes },
    );
  const listed = await compile(['--listFilesOnly'], context.limits.outputBytes);
  if (endingOf(listed.record) !== null || listed.isOutputCut) return toolResult(context, 'types', listed, []);
  const outside = filesOutside(context, listed.stdout);
  if (outside.length > 0)
    return toolResult(context, 'types', { ...listed, record: { ...listed.record, exitCode: 1 } }, outside);
  const outcome = await compile([], context.limits.keptOutputBytes);
  return toolResult(context, 'types', outcome, compilerFindings(outcome.stdout));
};

/**
 * Whatever way leads there (an import, a reference, a configuration), the check does not follow it out of the deliverable:
 * its findings would quote what it read. So the compiler is asked first which files it would take in, and of what lies
 * outside only the name is said.
 */
function filesOutside(context: ToolContext, listing: string): readonly ToolFinding[] {
  const work = inside(context, context.workspace.folder.work);
  const packages = packageFolders().map((folder) => inside(context, folder));
  const isOurs = (path: string): boolean =>
    path.startsWith(`${work}/`) ||
    packages.some((folder) => path.startsWith(`${folder}/`) && !path.startsWith(`${folder}/.`));
  return listing
    .split('\n')
    .filter((line) => line.startsWith('/') && !isOurs(line))
    .map((path) => ({
      file: null,
      line: null,
      message: `${relative(work, path)} lies outside of the deliverable, and is imported or referenced in it: the types are not checked`,
    }));
}

/** `verbatimModuleSyntax` and `erasableSyntaxOnly` are what running TypeScript by removing its types demands. */
const typeCheckConfig = (nodeTypes: string) => ({
  compilerOptions: {
    noEmit: true,
    strict: true,
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    moduleDetection: 'force',
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    resolveJsonModule: true,
    allowJs: true,
    checkJs: false,
    skipLibCheck: true,
    typeRoots: [dirname(nodeTypes)],
    types: ['node'],
  },
  include: ['../work/**/*'],
});

/** `src/a.ts(3,7): error TS2322: message`, with more lines of the message indented below it. */
function compilerFindings(output: string): readonly ToolFinding[] {
  const findings: ToolFinding[] = [];
  for (const text of output.split('\n')) {
    const groups = /^(?:(?<file>.+?)\((?<line>\d+),\d+\): )?error (?<message>TS\d+: .*)$/.exec(text)?.groups;
    const last = findings.at(-1);
    if (groups !== undefined) {
      const { file = null, line, message = '' } = groups;
      findings.push({ file, line: line === undefined ? null : Number(line), message });
    } else if (last !== undefined && text.startsWith('  ')) {
      findings[findings.length - 1] = { ...last, message: `${last.message}\n${text}` };
    }
  }
  return findings;
}

const TestReport = z.object({
  passed: z.int(),
  skipped: z.int(),
  failures: z.array(ToolFinding),
  silentFiles: z.array(z.string()),
});

/** The deliverable's tests, as `node --test` runs them. A deliverable in which no test ran has failed. */
export const runNodeTests: Tool = async (context) => {
  if (context.input.executionRefused !== null) return leftOut('tests', context.input.executionRefused);
  const timeoutMs = Math.round(context.limits.wallMs * 0.8);
  const outcome = await runTool(
    context,
    [
      inside(context, context.node),
      HEAP_FLAG,
      inside(context, childScript('run-node-tests')),
      String(timeoutMs),
      ...testProcessFlags(context),
    ],
    { keptOutputBytes: REPORT_BYTES },
  );
  const report = readPrinted(outcome, TestReport);
  if (report === null) return toolResult(context, 'tests', withoutPass(outcome), []);
  const empty = emptyTests(context, report);
  // Where no test ran nothing is known, and of many that failed some are not listed.
  const isComplete = report.passed + report.failures.length > 0 && report.failures.length < MOST_LISTED;
  return toolResult(context, 'tests', outcome, [...report.failures, ...empty], { isComplete });
};

const REPORT_BYTES = 512 * 1024;
/** As many failures the script lists, and no more. */
const MOST_LISTED = 100;

/** Without a report nothing has passed, however the runner ended. */
const withoutPass = (outcome: Execution): Execution => ({
  ...outcome,
  record: { ...outcome.record, exitCode: outcome.record.exitCode === 0 ? 1 : outcome.record.exitCode },
});

/**
 * Node's permission model keeps the tests, and what they start with Node, to the deliverable's own folders. They may
 * start programs, because a deliverable may be a command; other programs are not held by it.
 */
function testProcessFlags(context: ToolContext): readonly string[] {
  const { folder, packageFile } = context.workspace;
  const writable = [inside(context, folder.work), ...temporaryFolders(context)];
  return [
    HEAP_FLAG,
    '--permission',
    ...[...writable, inside(context, packageFile)].map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
    '--allow-child-process',
    '--allow-worker',
  ];
}

const temporaryFolders = ({ sandbox, workspace }: ToolContext): readonly string[] =>
  sandbox.driver === 'none' ? [workspace.folder.tmp] : ['/tmp', '/home/sandbox'];

/** A file that speaks of `node:test` and reports nothing has ended before its tests did, for example by `process.exit`. */
function emptyTests(context: ToolContext, report: z.infer<typeof TestReport>): readonly ToolFinding[] {
  const silent = report.silentFiles
    .map((path) => relativeTo(context, path))
    .filter((path) => context.input.files.some((file) => file.path === path && file.content.includes('node:test')))
    .map((file) => ({
      file,
      line: null,
      message: 'no test of this file ran: it holds none, skips all or ended early',
    }));
  if (report.passed > 0 || report.failures.length > 0) return silent;
  const skipped = report.skipped > 0 ? ` (${report.skipped} were skipped)` : '';
  return [...silent, { file: null, line: null, message: `the deliverable holds no test that ran${skipped}` }];
}
