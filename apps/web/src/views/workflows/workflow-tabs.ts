import type { Schemas } from '../../api/api.js';

/** The parts of the page of a workflow, as the address names them. */
export const WORKFLOW_TABS = ['graph', 'document', 'input', 'versions'] as const;

export type WorkflowTab = (typeof WORKFLOW_TABS)[number];

export interface WorkflowTabProps {
  readonly workflow: Schemas['WorkflowView'];
}
