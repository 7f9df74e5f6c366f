/** The parts of the page, as the address names them, with the roles that may see each. */
export const OPERATIONS = [
  { id: 'queues', title: 'Queues', roles: ['operator', 'auditor'] },
  { id: 'workers', title: 'Workers', roles: ['viewer', 'submitter', 'approver', 'operator', 'auditor'] },
  { id: 'dead-letters', title: 'Dead letters', roles: ['operator', 'auditor'] },
  { id: 'schedules', title: 'Schedules', roles: ['viewer', 'submitter', 'approver', 'operator', 'auditor'] },
  { id: 'rules', title: 'Notifications', roles: ['operator'] },
  { id: 'webhooks', title: 'Webhooks', roles: ['operator'] },
  { id: 'keys', title: 'Keys', roles: ['auditor'] },
  { id: 'sessions', title: 'Sessions', roles: ['viewer', 'submitter', 'approver', 'operator', 'auditor'] },
  { id: 'audit', title: 'Audit', roles: ['auditor'] },
  { id: 'access', title: 'Log of access', roles: ['auditor'] },
  { id: 'archive', title: 'Archive', roles: ['operator', 'auditor'] },
] as const;

export type OperationsPart = (typeof OPERATIONS)[number]['id'];

export const OPERATIONS_IDS: readonly OperationsPart[] = OPERATIONS.map(({ id }) => id);
