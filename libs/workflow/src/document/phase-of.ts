import type { WorkflowDocument } from './workflow-document.js';

/** The phase a state belongs to, where the workflow names phases. */
export const phaseOf = (document: WorkflowDocument, state: string): string | null =>
  document.phases?.find((phase) => phase.states.includes(state))?.name ?? null;
