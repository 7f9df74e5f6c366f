import { GatewayRefused } from '@baton/client';
import {
  BatonError,
  type WorkflowFinding,
  type WorkflowPublished,
  WorkflowRef,
  type WorkflowSummary,
  type WorkflowValidation,
} from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeList, writeOne } from '../output.js';
import { shellWord } from '../shell-word.js';
import { printable } from '../table.js';
import { checkHere, NOT_CHECKED } from './check-here.js';
import { readWorkflowFile, type WorkflowFile } from './workflow-file.js';
import { findingLine, workflowColumns, workflowLines } from './workflow-shapes.js';

export async function listWorkflows(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { workflows } = await gateway.get('/v1/workflows', { signal: context.interrupted });
  writeList(context.io, context.format, workflows, workflowColumns, 'The gateway knows no workflow.');
  return ExitCode.ok;
}

export async function showWorkflow(context: Context, ref: string): Promise<ExitCode> {
  const params = { path: { ref: checkedRef(ref) } };
  const gateway = await gatewayOf(context);
  const workflow = await gateway.get('/v1/workflows/{ref}', { params, signal: context.interrupted });
  if (context.format !== 'table') {
    writeOne(context.io, context.format, workflow, () => []);
    return ExitCode.ok;
  }
  // The version is named: what was published in between must not be drawn below the facts of another.
  const graph = await drawing(gateway, `${workflow.name}@${workflow.version}`, 'text', context.interrupted);
  // Its first line says what the facts say.
  writeOne(context.io, 'table', workflow, (each) => [...workflowLines(each), ...graph.split('\n').slice(1, -1)]);
  return ExitCode.ok;
}

export interface GraphOptions {
  readonly format: 'mermaid' | 'text';
}

/** A name has no dot but in its version, and no slash: what else there is, is a file. */
const isFile = (word: string): boolean => word === '-' || /[/\\]|\.(ya?ml|json)$/i.test(word);

/** @param ref a published workflow, or a file that need not be published */
export async function drawWorkflow(context: Context, ref: string, { format }: GraphOptions): Promise<ExitCode> {
  const graph = isFile(ref) ? await drawFile(context, ref, format) : await drawPublished(context, ref, format);
  writeOne(context.io, context.format, { workflow: ref, format, graph }, () =>
    graph.replace(/\n$/, '').split('\n').map(printable),
  );
  return ExitCode.ok;
}

async function drawPublished(context: Context, ref: string, format: GraphOptions['format']): Promise<string> {
  checkedRef(ref);
  return drawing(await gatewayOf(context), ref, format, context.interrupted);
}

async function drawFile(context: Context, name: string, format: GraphOptions['format']): Promise<string> {
  const file = await readFile(context, name);
  const gateway = await gatewayOf(context);
  const validation = await validate(context, gateway, file);
  if (!validation.valid) {
    for (const finding of validation.findings) {
      if (context.format === 'table') writeLine(context.io.err, findingLine(file, finding));
    }
    throw refused(context, file, validation, 'It cannot be drawn.');
  }
  return gateway.post('/v1/workflows/graph', {
    params: { query: { format } },
    headers: AS_TEXT,
    parseAs: 'text',
    body: file.document,
    signal: context.interrupted,
  });
}

const AS_TEXT = { accept: 'text/*, application/problem+json' };

const drawing = (gateway: Gateway, ref: string, format: GraphOptions['format'], signal: AbortSignal): Promise<string> =>
  gateway.get('/v1/workflows/{ref}/graph', {
    params: { path: { ref: checkedRef(ref) }, query: { format } },
    headers: AS_TEXT,
    parseAs: 'text',
    signal,
  });

function checkedRef(ref: string): string {
  if (WorkflowRef.safeParse(ref).success) return ref;
  throw new UsageError(
    `${printable(ref)} is not the name of a workflow.`,
    'Give name or name@version, such as seven-step@1.0.0; `baton workflow list` has them.',
  );
}

export async function validateWorkflow(context: Context, fileName: string): Promise<ExitCode> {
  const file = await readFile(context, fileName);
  const { validation, unasked } = await validateAnywhere(context, file);
  const { valid, findings } = validation;
  const placed = findings.map((finding) => ({ ...finding, ...file.placeOf(finding.pointer) }));
  writeOne(
    context.io,
    context.format,
    {
      file: file.name,
      valid,
      findings: placed,
      ...(unasked === null ? {} : { notChecked: NOT_CHECKED, why: unasked }),
    },
    () => findings.map((finding) => findingLine(file, finding)),
  );
  if (context.format === 'table') {
    if (unasked !== null)
      writeLine(context.io.err, printable(`${unasked} Not checked without a gateway: ${NOT_CHECKED.join(', ')}.`));
    const next = valid
      ? ` Publish it with \`baton workflow publish ${fileName === '-' ? 'FILE' : shellWord(fileName)}\`.`
      : '';
    writeLine(context.io.err, `${file.name} is ${describe(validation)}.${next}`);
  }
  return valid ? ExitCode.ok : ExitCode.error;
}

interface Validated {
  readonly validation: WorkflowValidation;
  /** Why no gateway said it, as a sentence; null where one did. */
  readonly unasked: string | null;
}

/** By the gateway, which knows other workflows and the workers; where none can be used for it, by the document alone. */
async function validateAnywhere(context: Context, file: WorkflowFile): Promise<Validated> {
  try {
    const gateway = await gatewayOf(context);
    return { validation: await validate(context, gateway, file, VALIDATE_WITHIN_MS), unasked: null };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown instanceof UsageError || context.interrupted.aborted) throw thrown;
    if (thrown instanceof GatewayRefused && IS_ABOUT_THE_DOCUMENT.has(thrown.status)) throw thrown;
    const why = thrown.code.startsWith('http-') ? `The gateway cannot be used: ${thrown.message}` : thrown.message;
    return { validation: await checkHere(file.document), unasked: why };
  }
}

/** Less than a person waits for an answer that can be had without. */
const VALIDATE_WITHIN_MS = 10_000;

/** What a gateway says of what it was sent, and not of itself or of the caller. */
const IS_ABOUT_THE_DOCUMENT: ReadonlySet<number> = new Set([400, 413, 422]);

export async function publishWorkflow(context: Context, fileName: string): Promise<ExitCode> {
  const file = await readFile(context, fileName);
  const gateway = await gatewayOf(context);
  const validation = await validate(context, gateway, file);
  // What the gateway would refuse is told with its places; what is only doubtful is told and published.
  for (const finding of validation.findings) {
    if (context.format === 'table') writeLine(context.io.err, findingLine(file, finding));
  }
  if (!validation.valid) throw refused(context, file, validation, 'Nothing was published.');
  const published = await gateway.post('/v1/workflows', { body: file.document, signal: context.interrupted });
  writeOne(context.io, context.format, published, (each) => [refOf(each)]);
  if (context.format === 'table') writeLine(context.io.err, describePublished(published));
  return ExitCode.ok;
}

function refused(
  { format }: Context,
  file: WorkflowFile,
  validation: WorkflowValidation,
  what: string,
): GatewayRefused {
  const errors = validation.findings.map(({ pointer, severity, message }) => ({
    pointer,
    detail: `${severity}: ${message}`,
  }));
  return new GatewayRefused({
    status: 422,
    code: 'workflow-invalid',
    detail: `${file.name} is ${describe(validation)}. ${what}`,
    next: 'Correct the file; `baton workflow validate` checks it without publishing.',
    // A person has read them, with their places.
    errors: format === 'table' ? [] : errors,
  });
}

const readFile = ({ env, io }: Context, name: string): Promise<WorkflowFile> =>
  readWorkflowFile(name, { workingDirectory: env.workingDirectory, readStdin: io.readStdin });

const validate = (
  context: Context,
  gateway: Gateway,
  { document }: WorkflowFile,
  timeoutMs?: number,
): Promise<WorkflowValidation> =>
  gateway.post('/v1/workflows/validate', {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    body: document,
    signal: context.interrupted,
  });

function describe({ valid, findings }: WorkflowValidation): string {
  const count = (severity: WorkflowFinding['severity']): string => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? '' : `${found} ${severity}${found === 1 ? '' : 's'}`;
  };
  const counts = [count('error'), count('warning')].filter(Boolean).join(', ');
  return `${valid ? 'valid' : 'not valid'}${counts === '' ? '' : `: ${counts}`}`;
}

export async function withdrawWorkflow(context: Context, ref: string): Promise<ExitCode> {
  const params = { path: { ref: checkedRef(ref) } };
  const gateway = await gatewayOf(context);
  const withdrawn = await gateway.post('/v1/workflows/{ref}/withdraw', { params, signal: context.interrupted });
  writeOne(context.io, context.format, withdrawn, ({ name, versions }) =>
    versions.map((version) => `${name}@${version}`),
  );
  if (context.format === 'table') {
    writeLine(context.io.err, 'Withdrawn: runs of it go on, and nobody can begin another.');
  }
  return ExitCode.ok;
}

const refOf = ({ name, version }: WorkflowSummary): string => `${name}@${version}`;

const describePublished = (published: WorkflowPublished): string =>
  published.status === 'published'
    ? `Published. Run it with \`baton run submit --workflow ${published.name}\`.`
    : `Nothing to do: ${refOf(published)} has this content already.`;
