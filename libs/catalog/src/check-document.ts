import { isNestedWithin, MAX_NESTING } from '@baton/contracts';
import { checkSchema } from '@baton/threads';
import { canonicalSha256, type ParsedWorkflow, parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';

export type WorkflowFinding = ParsedWorkflow['findings'][number];

export type CheckedDocument =
  /** `findings` are the warnings. */
  | (Extract<ParsedWorkflow, { ok: true }> & { readonly sha256: string })
  /** `partial`: what could be read of it, for further checks; null where that is nothing, or more than is looked at. */
  | {
      readonly ok: false;
      readonly findings: readonly WorkflowFinding[];
      readonly partial: WorkflowDocument | null;
    };

/** Two thousand densely linked states are checked in some 0.3 s, and no more are ever meant. */
const MOST_STATES = 2_000;

/** Values in a document, and in its input schema: compiling a schema takes a time that grows with the square of them. */
const MOST_VALUES = 100_000;
const MOST_VALUES_OF_SCHEMA = 5_000;

/** Whether it is worth looking at a document closely: what is larger takes too long, whatever it says. */
export function isWithinBounds(json: unknown): { readonly ok: true } | Extract<CheckedDocument, { ok: false }> {
  // What reads it runs off the stack otherwise.
  if (!isNestedWithin(json)) return refused([error('', `is nested deeper than ${MAX_NESTING} levels`)]);
  if (isLargerThan(MOST_VALUES, json)) return refused([error('', `has more than ${MOST_VALUES} values`)]);
  if (countStates(json) > MOST_STATES) return refused([error('/definition', `has more than ${MOST_STATES} states`)]);
  const schema = typeof json === 'object' && json !== null ? Reflect.get(json, 'input') : undefined;
  if (isLargerThan(MOST_VALUES_OF_SCHEMA, schema)) {
    return refused([error('/input', `has more than ${MOST_VALUES_OF_SCHEMA} values; a schema says only what matters`)]);
  }
  return { ok: true };
}

/** Counts no further than it has to. */
function isLargerThan(most: number, value: unknown): boolean {
  let seen = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    seen += 1;
    if (seen > most) return true;
    if (typeof next === 'object' && next !== null) for (const item of Object.values(next)) waiting.push(item);
  }
  return false;
}

/**
 * Reads a workflow document of any provenance and checks all that can be known of it by itself. Takes as long as it takes:
 * see `Checks` for documents of anybody's.
 */
export function checkDocument(json: unknown): CheckedDocument {
  const bounds = isWithinBounds(json);
  if (!bounds.ok) return bounds;
  const parsed = parseWorkflowDocument(json);
  const document = parsed.ok ? parsed.document : parsed.partial;
  const input = document?.input;
  const wrong = (input === undefined ? [] : checkSchema(JSON.stringify(input))).map(({ pointer, detail }) =>
    error(`/input${pointer}`, detail),
  );
  const findings = [...wrong, ...parsed.findings];
  if (!parsed.ok || wrong.length > 0) return { ok: false, findings, partial: document };
  return { ...parsed, sha256: canonicalSha256(parsed.document) };
}

/** Whatever stands in members named States, at any depth. */
function countStates(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  return Object.entries(json).reduce((sum, [name, value]) => {
    const here = name === 'States' && typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    return sum + here + countStates(value);
  }, 0);
}

const refused = (findings: readonly WorkflowFinding[]): Extract<CheckedDocument, { ok: false }> => ({
  ok: false,
  findings,
  partial: null,
});

const error = (pointer: string, message: string): WorkflowFinding => ({
  pointer,
  severity: 'error',
  code: 'schema',
  message,
});

/** The errors as one line of text. */
export const describeFindings = (findings: readonly WorkflowFinding[]): string =>
  findings
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer, message }) => `${pointer === '' ? '/' : pointer} ${message}`)
    .join('; ');
