import { extname } from 'node:path';
import { BatonError, Json, JsonObject, toError, type WorkflowFinding } from '@baton/contracts';
import type { AnswersInput, StateReport, WorkflowTestOptions, WorkflowTestResult } from '@baton/workflow-testing';
import type { Context } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';
import { parseText, readNamedFile } from '../requirements-file.js';
import { formatFacts, printable } from '../table.js';
import { valueOfJson } from './json-text.js';
import { readJson } from './run-input.js';
import { readWorkflowFile, type WorkflowFile } from './workflow-file.js';
import { findingLine } from './workflow-shapes.js';

export interface TestOptions {
  readonly state?: string;
  readonly input?: string;
  readonly variables?: string;
  readonly context?: string;
  readonly answers?: string;
}

const MAX_ANSWERS_BYTES = 1024 * 1024;
/** What a person reads of one value; JSON has all of it. */
const MOST_SHOWN = 400;

/** `baton workflow test FILE`: a document, or one state of it, with scripted answers. No gateway, no stack. */
export async function testWorkflowFile(context: Context, fileName: string, options: TestOptions): Promise<ExitCode> {
  const { env, io, format } = context;
  const place = { workingDirectory: env.workingDirectory, readStdin: io.readStdin };
  const file = await readWorkflowFile(fileName, place);
  const test: WorkflowTestOptions = {
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.input === undefined ? {} : { input: await readValue(options.input, '--input', place) }),
    ...(options.variables === undefined
      ? {}
      : { variables: await readObject(options.variables, '--variables', place) }),
    ...(options.context === undefined ? {} : { context: await readObject(options.context, '--context', place) }),
    ...(options.answers === undefined ? {} : { answers: await readAnswers(options.answers, place) }),
  };
  const wrong = await findingsBefore(file, test);
  if (wrong.length > 0) {
    for (const finding of wrong) writeLine(io.err, findingLine(file, finding));
    writeLine(io.err, `${file.name} cannot be tested: it is not valid, or the input is not one that it takes.`);
    return ExitCode.error;
  }
  const { testWorkflow } = await import('@baton/workflow-testing');
  const result = await testWorkflow(file.document, test);
  writeOne(io, format, result, ({ states }) => states.flatMap(linesOf));
  if (format === 'table') for (const line of closingLines(result, options.state ?? file.name)) writeLine(io.err, line);
  return EXIT_CODES[result.status];
}

const EXIT_CODES = {
  succeeded: ExitCode.ok,
  failed: ExitCode.runFailed,
  waiting: ExitCode.error,
} as const satisfies Record<WorkflowTestResult['status'], ExitCode>;

type Place = Parameters<typeof readJson>[2];

const EXAMPLES = {
  '--variables': 'Variables are an object, such as {"round": 2}.',
  '--context': 'A context is an object, such as {"Map": {"Item": {"Index": 0, "Value": "a"}}}.',
} as const;

/** The errors of the document; else what the input of a whole run has that the document does not take. */
async function findingsBefore(file: WorkflowFile, test: WorkflowTestOptions): Promise<readonly WorkflowFinding[]> {
  const { checkDocument, checkInput } = await import('@baton/catalog/check');
  const checked = await checkDocument(file.document);
  if (!checked.ok) return checked.findings.filter(({ severity }) => severity === 'error');
  if (test.state !== undefined) return [];
  const wrong = await checkInput(checked.document, test.input ?? {});
  return wrong.map(({ pointer, detail }) => ({
    severity: 'error',
    code: 'input',
    pointer: '/input',
    message: `the value of --input at ${pointer === '' ? '/' : pointer} ${detail}`,
  }));
}

const readValue = async (word: string, name: string, place: Place): Promise<Json> =>
  Json.parse((await readJson(word, name, place)).value);

async function readObject(word: string, name: '--variables' | '--context', place: Place): Promise<JsonObject> {
  const { what, value } = await readJson(word, name, place);
  const parsed = JsonObject.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${what} is not a JSON object.`, EXAMPLES[name]);
}

async function readAnswers(name: string, place: Place): Promise<AnswersInput> {
  const text = parseText(await readNamedFile(name, { ...place, limit: MAX_ANSWERS_BYTES }), name, MAX_ANSWERS_BYTES);
  try {
    const value = extname(name) === '.json' ? valueOfJson(text, 'The file') : await parseYaml(text);
    return (await import('@baton/workflow-testing')).parseAnswers(value ?? {});
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    if (thrown instanceof BatonError && thrown.code !== 'malformed-yaml') throw thrown;
    const [reason = ''] = toError(thrown).message.split('\n');
    throw new UsageError(
      `The answers in ${name} cannot be read: ${reason}.`,
      'Write the name of each state and its answers, such as Draft: [{ output: { text: … } }].',
      thrown,
    );
  }
}

const parseYaml = async (text: string): Promise<unknown> => (await import('@baton/catalog/check')).parseYaml(text);

function linesOf(report: StateReport): readonly string[] {
  const { state, status, input, output, assigned, next, error, cause, retries } = report;
  const isOver = status !== 'waiting' && status !== 'aborted';
  const facts: (readonly [string, string])[] = [
    ['  input', shown(input)],
    ...(report.arguments === undefined ? [] : [['  arguments', shown(report.arguments)] as const]),
    ...(retries === 0 ? [] : [['  retries', String(retries)] as const]),
    ...(error === null ? [] : [['  error', `${error}: ${cause ?? ''}`.slice(0, MOST_SHOWN)] as const]),
    ...(isOver && status !== 'failed' ? [['  output', shown(output)] as const] : []),
    ...Object.entries(assigned).map(([name, value]) => ['  assigned', `${name} = ${shown(value)}`] as const),
    ...(isOver && status !== 'failed' ? [['  next', next ?? '(the end)'] as const] : []),
  ];
  return [printable(`${state}  ${status}`), ...formatFacts(facts)];
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= MOST_SHOWN
    ? text
    : `${text.slice(0, MOST_SHOWN)}… (${text.length} characters; all with -o json)`;
}

function closingLines(result: WorkflowTestResult, what: string): readonly string[] {
  const { status, error, cause, waitingFor, unused } = result;
  const ends = {
    succeeded: `${what} succeeded.`,
    failed: `${what} failed: ${error}${cause === null || cause === '' ? '' : `: ${cause}`}`,
    waiting: `${what} waits for ${waitingFor.join(', ')}: put an answer for it into the file of --answers.`,
  } as const;
  const left = unused.map(({ state, answers }) => `${state} (${answers})`);
  return [
    printable(ends[status]),
    ...(left.length === 0 ? [] : [printable(`Answers that nobody asked for: ${left.join(', ')}.`)]),
  ];
}
