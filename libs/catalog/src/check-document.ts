import { isNestedWithin, MAX_NESTING } from '@baton/contracts';
import { canonicalSha256, type ParsedWorkflow, parseWorkflowDocument } from '@baton/workflow';
import { checkInputSchema } from './input-check.js';

export type WorkflowFinding = ParsedWorkflow['findings'][number];

export type CheckedDocument =
  /** `findings` are the warnings. */
  | (Extract<ParsedWorkflow, { ok: true }> & { readonly sha256: string })
  | { readonly ok: false; readonly findings: readonly WorkflowFinding[] };

/**
 * The check of loops takes a time that grows with the square of this: two thousand take less than a second, the thirty
 * thousand that fit a request a minute, in which a hub would lose its lane.
 */
const MOST_STATES = 2_000;

/** Reads a workflow document of any provenance and checks all that can be known of it by itself. */
export function checkDocument(json: unknown): CheckedDocument {
  // What reads it runs off the stack otherwise.
  if (!isNestedWithin(json)) return refused([error('', `is nested deeper than ${MAX_NESTING} levels`)]);
  if (countStates(json) > MOST_STATES) return refused([error('/definition', `has more than ${MOST_STATES} states`)]);
  const parsed = parseWorkflowDocument(json);
  if (!parsed.ok) return parsed;
  const wrong = checkInputSchema(parsed.document).map(({ pointer, detail }) => error(`/input${pointer}`, detail));
  if (wrong.length > 0) return refused([...wrong, ...parsed.findings]);
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

const refused = (findings: readonly WorkflowFinding[]): CheckedDocument => ({ ok: false, findings });

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
