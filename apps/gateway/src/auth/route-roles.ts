import type { Role } from '@baton/contracts';

/*
 * Who may do what over HTTP: one table. An admin may do all of it, and whatever is not here only an admin may, so a route
 * that is added and forgotten is closed, not open.
 */

const LOOK: readonly Role[] = ['viewer', 'submitter', 'approver', 'operator', 'auditor'];
const OPERATE: readonly Role[] = ['operator'];

/** Routes without a token. Whatever is not here needs one: a route that is added and forgotten is closed, not open. */
const OPEN_ROUTES: ReadonlySet<string> = new Set([
  'GET /livez',
  'GET /readyz',
  'GET /openapi.json',
  'GET /v1/auth/options',
  // Whoever signs in shows in the body who they are.
  'POST /v1/auth/session',
  // Whoever calls it shows in its signature who they are.
  'POST /hooks/:hook',
  'GET /v1/auth/oidc/start',
  'GET /v1/auth/oidc/callback',
]);

/** The roles that open a route, by its method and its path as it is registered. */
export const ROUTE_ROLES: Readonly<Record<string, readonly Role[]>> = {
  'GET /v1/runs': LOOK,
  'GET /v1/runs/:id': LOOK,
  'GET /v1/runs/:id/result': LOOK,
  'GET /v1/runs/:id/state': LOOK,
  'GET /v1/runs/:id/diff': LOOK,
  'GET /v1/runs/:id/diff/file': LOOK,
  'GET /v1/runs/:id/printed': LOOK,
  'GET /v1/runs/:id/model-time': LOOK,
  'GET /v1/runs/:id/artifacts': LOOK,
  'GET /v1/runs/:id/artifacts/*': LOOK,
  'GET /v1/runs/:id/events': LOOK,
  'GET /v1/events': LOOK,
  // What was said to a model may hold anything that the workspace does.
  'GET /v1/runs/:id/conversation': ['operator', 'auditor'],
  'POST /v1/runs': ['submitter'],
  'POST /v1/goals': ['submitter'],
  'POST /v1/runs/:id/ratings': ['submitter', 'approver', 'operator'],
  'POST /v1/runs/:id/fork': ['submitter', 'operator'],
  'POST /v1/runs/:id/cancel': OPERATE,
  'POST /v1/runs/:id/pause': OPERATE,
  'POST /v1/runs/:id/resume': OPERATE,
  'POST /v1/runs/:id/retry': OPERATE,
  'POST /v1/runs/:id/signals': OPERATE,
  // Beside the token itself.
  'POST /v1/task-tokens/success': ['submitter', 'operator'],
  'POST /v1/task-tokens/failure': ['submitter', 'operator'],
  'POST /v1/task-tokens/heartbeat': ['submitter', 'operator'],
  'GET /v1/approvals': LOOK,
  'GET /v1/approvals/:id': LOOK,
  'POST /v1/approvals/:id/decision': ['approver'],
  'GET /v1/decisions': LOOK,
  'GET /v1/decisions/judges': LOOK,
  'GET /v1/decisions/patterns': LOOK,
  'POST /v1/decisions/backtest': LOOK,
  'GET /v1/recommendations': LOOK,
  'GET /v1/usage': LOOK,
  'GET /v1/foresight/expectations': LOOK,
  'GET /v1/foresight/expectations/:id': LOOK,
  'GET /v1/foresight/calibration': LOOK,
  'GET /v1/anomalies': LOOK,
  'GET /v1/workflows': LOOK,
  'GET /v1/workflows/:ref': LOOK,
  'GET /v1/workflows/:ref/graph': LOOK,
  'POST /v1/workflows/validate': LOOK,
  'POST /v1/workflows/graph': LOOK,
  'POST /v1/workflows/consider': LOOK,
  // What it asks of the API is asked as whoever calls, route by route.
  'POST /mcp': LOOK,
  'POST /v1/workflows': OPERATE,
  'POST /v1/workflows/:ref/withdraw': OPERATE,
  'POST /v1/workspaces': ['submitter'],
  'GET /v1/workspaces/:tree': LOOK,
  'POST /v1/lineages': ['submitter'],
  'GET /v1/lineages': LOOK,
  'GET /v1/lineages/:name': LOOK,
  'GET /v1/lineages/:name/versions': LOOK,
  'GET /v1/schedules': LOOK,
  'GET /v1/schedules/:name': LOOK,
  'POST /v1/schedules': ['submitter'],
  // Of somebody else only an operator: the handler looks.
  'DELETE /v1/schedules/:name': ['submitter', 'operator'],
  'POST /v1/schedules/:name/pause': ['submitter', 'operator'],
  'POST /v1/schedules/:name/resume': ['submitter', 'operator'],
  'POST /v1/schedules/:name/trigger': ['submitter', 'operator'],
  'POST /v1/schedules/:name/take-over': ['submitter', 'operator'],
  'GET /v1/hooks': LOOK,
  'POST /v1/hooks': ['submitter'],
  // Of somebody else only an operator: the handler looks.
  'DELETE /v1/hooks/:name': ['submitter', 'operator'],
  'GET /v1/webhooks': OPERATE,
  'GET /v1/webhooks/:id': OPERATE,
  'GET /v1/webhooks/:id/deliveries': OPERATE,
  'POST /v1/webhooks': OPERATE,
  'DELETE /v1/webhooks/:id': OPERATE,
  'POST /v1/webhooks/:id/test': OPERATE,
  'POST /v1/webhooks/:id/deliveries/:deliveryId/retry': OPERATE,
  'GET /v1/notification-rules': OPERATE,
  'GET /v1/notification-rules/:name': OPERATE,
  'GET /v1/notification-rules/:name/messages': OPERATE,
  'POST /v1/notification-rules': OPERATE,
  'DELETE /v1/notification-rules/:name': OPERATE,
  'POST /v1/notification-rules/:name/test': OPERATE,
  'POST /v1/notification-rules/:name/messages/:messageId/retry': OPERATE,
  'GET /v1/workers': LOOK,
  'POST /v1/workers/:id/drain': OPERATE,
  'DELETE /v1/workers/:id/drain': OPERATE,
  'GET /v1/templates': LOOK,
  'GET /v1/templates/:id': LOOK,
  'GET /v1/templates/:id/texts/:sha256': LOOK,
  'GET /v1/queues': ['operator', 'auditor'],
  'POST /v1/queues/rebuild': OPERATE,
  'GET /v1/dead-letters': ['operator', 'auditor'],
  'POST /v1/dead-letters/:id/requeue': OPERATE,
  'GET /v1/audit/verify': ['auditor'],
  'GET /v1/audit/checkpoint': LOOK,
  'GET /v1/audit/prove': LOOK,
  // With the journals, so with what was said to models.
  'GET /v1/audit/export': ['auditor'],
  'GET /v1/audit/replay': ['auditor'],
  'GET /v1/archive': ['operator', 'auditor'],
  'POST /v1/archive': OPERATE,
  'GET /v1/schemas': LOOK,
  'GET /v1/schemas/workflow-document': LOOK,
  'GET /v1/personal/erasures': ['auditor'],
  'GET /metrics': ['viewer', 'operator', 'auditor'],
  'GET /v1/auth/keys': ['auditor'],
  'GET /v1/auth/log': ['auditor'],
  'GET /v1/auth/log/verify': ['auditor'],
  // Its own key; anybody else's only an admin.
  'POST /v1/auth/keys/:name/rotate': LOOK,
  'GET /v1/auth/me': LOOK,
  // One's own.
  'GET /v1/auth/session': LOOK,
  'DELETE /v1/auth/session': LOOK,
  // One's own; those of everybody an admin's.
  'GET /v1/auth/sessions': LOOK,
  'DELETE /v1/auth/sessions/:id': LOOK,
  // A session of the credential that asks, which may do no more than it.
  'POST /v1/auth/codes': LOOK,
};

/**
 * The routes for those whose key is for certain runs: what these do looks at the run, or shows nothing of any. All others
 * are closed to them, whatever their roles, so that a route which is added and forgotten shows them nothing.
 */
export const ROUTES_FOR_SCOPED: ReadonlySet<string> = new Set([
  'GET /v1/runs',
  'GET /v1/runs/:id',
  'GET /v1/runs/:id/result',
  'GET /v1/runs/:id/state',
  'GET /v1/runs/:id/diff',
  'GET /v1/runs/:id/diff/file',
  'GET /v1/runs/:id/printed',
  'GET /v1/runs/:id/model-time',
  'GET /v1/runs/:id/artifacts',
  'GET /v1/runs/:id/artifacts/*',
  'GET /v1/runs/:id/events',
  'GET /v1/runs/:id/conversation',
  'GET /v1/events',
  'POST /v1/runs',
  'POST /v1/goals',
  'POST /v1/runs/:id/ratings',
  'POST /v1/runs/:id/fork',
  'POST /v1/runs/:id/cancel',
  'POST /v1/runs/:id/pause',
  'POST /v1/runs/:id/resume',
  'POST /v1/runs/:id/retry',
  'POST /v1/runs/:id/signals',
  'POST /v1/task-tokens/success',
  'POST /v1/task-tokens/failure',
  'POST /v1/task-tokens/heartbeat',
  'GET /v1/approvals',
  'GET /v1/approvals/:id',
  'POST /v1/approvals/:id/decision',
  'GET /v1/decisions',
  'GET /v1/usage',
  'GET /v1/foresight/expectations',
  'GET /v1/foresight/expectations/:id',
  'GET /v1/anomalies',
  'GET /v1/workflows',
  'GET /v1/workflows/:ref',
  'GET /v1/workflows/:ref/graph',
  'POST /v1/workflows/validate',
  'POST /v1/workflows/graph',
  'POST /v1/workflows/consider',
  'POST /mcp',
  // What is there is found by its hash alone.
  'POST /v1/workspaces',
  'GET /v1/workspaces/:tree',
  'GET /v1/templates',
  'GET /v1/templates/:id',
  'GET /v1/templates/:id/texts/:sha256',
  'GET /v1/schemas',
  'GET /v1/schemas/workflow-document',
  'POST /v1/auth/keys/:name/rotate',
  'GET /v1/auth/me',
  'GET /v1/auth/session',
  'DELETE /v1/auth/session',
  'GET /v1/auth/sessions',
  'DELETE /v1/auth/sessions/:id',
  'POST /v1/auth/codes',
]);

/** HEAD is GET without the body. */
const nameOf = (method: string, route: string): string => `${method === 'HEAD' ? 'GET' : method} ${route}`;

/** Whether anybody may take the route, without a token. */
export const isOpenRoute = (method: string, route: string): boolean => OPEN_ROUTES.has(nameOf(method, route));

export const rolesFor = (method: string, route: string): readonly Role[] => ROUTE_ROLES[nameOf(method, route)] ?? [];

/** Whether somebody may take the route whose key is for certain runs. */
export const isForScoped = (method: string, route: string): boolean => ROUTES_FOR_SCOPED.has(nameOf(method, route));

/** Whether somebody with these roles may take the route. */
export const mayTake = (roles: readonly Role[], method: string, route: string): boolean =>
  roles.includes('admin') || rolesFor(method, route).some((role) => roles.includes(role));

/** Whether an answer of theirs to an approval would be taken at all. */
export const mayDecide = (roles: readonly Role[]): boolean => mayTake(roles, 'POST', '/v1/approvals/:id/decision');
