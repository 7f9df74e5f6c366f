/** The parts of the view, as the address names them. */
export const OPERATIONS_PARTS = ['queues', 'workers', 'dead-letters', 'webhooks', 'keys', 'audit'] as const;

export type OperationsPart = (typeof OPERATIONS_PARTS)[number];

/** Who may look at a part, beside admins. */
export const ROLES_OF_PART: Readonly<Record<OperationsPart, readonly string[]>> = {
  queues: ['operator', 'auditor'],
  workers: ['viewer', 'submitter', 'approver', 'operator', 'auditor'],
  'dead-letters': ['operator', 'auditor'],
  webhooks: ['operator'],
  keys: ['auditor'],
  audit: ['viewer', 'submitter', 'approver', 'operator', 'auditor'],
};
