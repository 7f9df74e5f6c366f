import type { WorkflowValidation } from '@baton/contracts';

/** What publication looks at beyond the document itself. */
export const NOT_CHECKED = [
  'whether this version is taken, or lower than the newest',
  'whether the workflows of child runs exist',
  'whether there are workers of the kinds it names',
] as const;

/** The findings of a document that publication would have, without a gateway. What checks is loaded when it is needed. */
export async function checkHere(document: unknown): Promise<WorkflowValidation> {
  const { checkDocument, checkIdentity } = await import('@baton/catalog/check');
  const checked = await checkDocument(document);
  const read = checked.ok ? checked.document : checked.partial;
  const said = new Set(checked.findings.map(({ pointer }) => pointer));
  const ofIdentity = read === null ? [] : checkIdentity(read).filter(({ pointer }) => !said.has(pointer));
  const findings = [...ofIdentity, ...checked.findings];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  return { valid: errors.length === 0, findings: [...errors, ...warnings] };
}
