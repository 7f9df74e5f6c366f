import { isNestedWithin, MAX_NESTING } from '@baton/contracts';
import { type ParsedWorkflow, parseWorkflowDocument } from '@baton/workflow';
import { canonicalSha256 } from '../canonical-json.js';
import { checkInputSchema } from './input-check.js';

export type WorkflowFinding = ParsedWorkflow['findings'][number];

export type CheckedDocument =
  /** `findings` are the warnings. */
  | (Extract<ParsedWorkflow, { ok: true }> & { readonly sha256: string })
  | { readonly ok: false; readonly findings: readonly WorkflowFinding[] };

/** Reads a workflow document of any provenance and checks all that can be known of it by itself. */
export function checkDocument(json: unknown): CheckedDocument {
  // What reads it runs off the stack otherwise.
  if (!isNestedWithin(json)) return refused([error('', `is nested deeper than ${MAX_NESTING} levels`)]);
  const parsed = parseWorkflowDocument(json);
  if (!parsed.ok) return parsed;
  const wrong = checkInputSchema(parsed.document).map(({ pointer, detail }) => error(`/input${pointer}`, detail));
  if (wrong.length > 0) return refused([...wrong, ...parsed.findings]);
  return { ...parsed, sha256: canonicalSha256(parsed.document) };
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
