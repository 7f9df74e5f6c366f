import { extname } from 'node:path';
import { JsonObject, toError } from '@baton/contracts';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { UsageError } from '../exit-codes.js';
import { parseText, readNamedFile } from '../requirements-file.js';
import { valueOfJson } from './json-text.js';

/** What the gateway takes. */
const MAX_BYTES = 1024 * 1024;

/** A place in a text, both from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

export interface WorkflowFile {
  /** As it is shown: the name that was given, or `stdin`. */
  readonly name: string;
  readonly document: JsonObject;
  /** Where the value of a JSON pointer stands, or the nearest one around it. */
  placeOf(pointer: string): Place;
}

/**
 * Reads a workflow document from a YAML or JSON file; `-` is stdin. JSON is YAML, too, so one parser gives the places of
 * both.
 *
 * @throws UsageError for everything that cannot be a document, before anything is sent
 */
export async function readWorkflowFile(
  name: string,
  place: { readonly workingDirectory: string; readStdin(): Promise<Buffer> },
): Promise<WorkflowFile> {
  const shown = name === '-' ? 'stdin' : name;
  const text = parseText(await readNamedFile(name, { ...place, limit: MAX_BYTES }), name, MAX_BYTES);
  if (extname(name) === '.json') checkJson(text, shown);
  const lineCounter = new LineCounter();
  const parsed = await parseYaml(text, shown, lineCounter);
  const document = JsonObject.safeParse(toJson(parsed, shown));
  if (!document.success) {
    throw new UsageError(
      `${shown} holds no workflow document, which is an object with name, version, title and definition.`,
      'See those that ship in workflows/, or `baton workflow show seven-step -o json`.',
      document.error,
    );
  }
  return { name: shown, document: document.data, placeOf: (pointer) => placeOf(parsed, lineCounter, pointer) };
}

function checkJson(text: string, name: string): void {
  try {
    valueOfJson(text, name);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${name} is not JSON: ${toError(thrown).message}.`, 'Correct the file.', thrown);
  }
}

async function parseYaml(text: string, name: string, lineCounter: LineCounter): Promise<Document.Parsed> {
  const { checkYaml, YAML_OPTIONS } = await import('@baton/catalog/check');
  const parsed = parseDocument(text, { ...YAML_OPTIONS, lineCounter });
  // A tag that is not known is only a warning to the library; the value would not be what its author meant.
  const [wrong] = [...parsed.errors, ...parsed.warnings];
  if (wrong !== undefined) throw notYaml(name, wrong);
  try {
    checkYaml(parsed, lineCounter);
  } catch (thrown) {
    throw notYaml(name, toError(thrown));
  }
  return parsed;
}

function notYaml(name: string, wrong: Error): UsageError {
  const [message = ''] = wrong.message.split('\n');
  return new UsageError(
    `${name} is not YAML that can be read: ${message.replace(/:$/, '')}.`,
    'Correct the file.',
    wrong,
  );
}

function toJson(parsed: Document, name: string): unknown {
  try {
    return parsed.toJS();
  } catch (thrown) {
    throw new UsageError(
      `${name} cannot be read: ${toError(thrown).message}.`,
      'Write out what its aliases mean.',
      thrown,
    );
  }
}

function placeOf(parsed: Document, lineCounter: LineCounter, pointer: string): Place {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: unknown = parsed.contents;
  let offset = offsetOf(node);
  for (const part of parts) {
    const found = memberOf(isAlias(node) ? node.resolve(parsed) : node, part);
    if (found === null) break;
    node = found.value;
    offset = offsetOf(found.at);
  }
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** A member, and the node that shows where it is: its key, where it has one. */
function memberOf(node: unknown, part: string): { readonly at: unknown; readonly value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === part);
    return pair === undefined ? null : { at: pair.key, value: pair.value };
  }
  if (!isSeq(node)) return null;
  const item = node.items[Number(part)];
  return item === undefined ? null : { at: item, value: item };
}

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const isNode = (node: unknown): node is Node => isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
