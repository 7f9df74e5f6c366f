import { Role } from '@baton/contracts';

/*
 * Who may do what over HTTP, written out for whoever wants to check it: `yes` opens a route, `-` answers 403. The last column
 * says what a key that is for its own runs alone sees, whatever its roles: `own` — its own runs, and others are not there
 * (404, or no row of the list); `any` — nothing of runs shows there; `-` — the route is closed to it (403).
 *
 * The tests hold the gateway to this table, route by route, role by role, on an own run and on one of somebody else, and the
 * table to the routes that there are.
 */
const TABLE = `
route                                                 viewer submitter approver operator auditor admin own
GET    /v1/runs                                       yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id                                   yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/result                            yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/state                             yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/diff                              yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/diff/file                         yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/printed                           yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/model-time                        yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/artifacts                         yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/artifacts/*                       yes    yes       yes      yes      yes     yes   own
GET    /v1/events                                     yes    yes       yes      yes      yes     yes   own
GET    /metrics                                       yes    -         -        yes      yes     yes   -
GET    /v1/runs/:id/events                            yes    yes       yes      yes      yes     yes   own
GET    /v1/runs/:id/conversation                      -      -         -        yes      yes     yes   own
POST   /v1/runs                                       -      yes       -        -        -       yes   any
POST   /v1/goals                                      -      yes       -        -        -       yes   any
POST   /v1/runs/:id/ratings                           -      yes       yes      yes      -       yes   own
POST   /v1/runs/:id/fork                              -      yes       -        yes      -       yes   own
POST   /v1/runs/:id/cancel                            -      -         -        yes      -       yes   own
POST   /v1/runs/:id/pause                             -      -         -        yes      -       yes   own
POST   /v1/runs/:id/resume                            -      -         -        yes      -       yes   own
POST   /v1/runs/:id/retry                             -      -         -        yes      -       yes   own
POST   /v1/runs/:id/signals                           -      -         -        yes      -       yes   own
POST   /v1/task-tokens/success                            -      yes       -        yes      -       yes   any
POST   /v1/task-tokens/failure                            -      yes       -        yes      -       yes   any
POST   /v1/task-tokens/heartbeat                          -      yes       -        yes      -       yes   any
GET    /v1/approvals                                  yes    yes       yes      yes      yes     yes   own
GET    /v1/approvals/:id                              yes    yes       yes      yes      yes     yes   own
POST   /v1/approvals/:id/decision                     -      -         yes      -        -       yes   own
GET    /v1/decisions                                  yes    yes       yes      yes      yes     yes   own
GET    /v1/decisions/judges                           yes    yes       yes      yes      yes     yes   -
GET    /v1/decisions/patterns                         yes    yes       yes      yes      yes     yes   -
POST   /v1/decisions/backtest                         yes    yes       yes      yes      yes     yes   -
GET    /v1/recommendations                            yes    yes       yes      yes      yes     yes   -
GET    /v1/usage                                      yes    yes       yes      yes      yes     yes   own
GET    /v1/foresight/expectations                     yes    yes       yes      yes      yes     yes   own
GET    /v1/foresight/expectations/:id                 yes    yes       yes      yes      yes     yes   own
GET    /v1/foresight/calibration                      yes    yes       yes      yes      yes     yes   -
GET    /v1/anomalies                                  yes    yes       yes      yes      yes     yes   own
GET    /v1/workflows                                  yes    yes       yes      yes      yes     yes   any
GET    /v1/workflows/:ref                             yes    yes       yes      yes      yes     yes   any
GET    /v1/workflows/:ref/graph                       yes    yes       yes      yes      yes     yes   any
POST   /v1/workflows/validate                         yes    yes       yes      yes      yes     yes   any
POST   /v1/workflows/graph                            yes    yes       yes      yes      yes     yes   any
POST   /v1/workflows/consider                         yes    yes       yes      yes      yes     yes   any
POST   /mcp                                           yes    yes       yes      yes      yes     yes   any
POST   /v1/workflows                                  -      -         -        yes      -       yes   -
POST   /v1/workflows/:ref/withdraw                    -      -         -        yes      -       yes   -
POST   /v1/workspaces                                 -      yes       -        -        -       yes   any
GET    /v1/workspaces/:tree                           yes    yes       yes      yes      yes     yes   any
POST   /v1/lineages                                   -      yes       -        -        -       yes   -
GET    /v1/lineages                                   yes    yes       yes      yes      yes     yes   -
GET    /v1/lineages/:name                             yes    yes       yes      yes      yes     yes   -
GET    /v1/lineages/:name/versions                    yes    yes       yes      yes      yes     yes   -
GET    /v1/schedules                                  yes    yes       yes      yes      yes     yes   -
GET    /v1/schedules/:name                            yes    yes       yes      yes      yes     yes   -
POST   /v1/schedules                                  -      yes       -        -        -       yes   -
DELETE /v1/schedules/:name                            -      yes       -        yes      -       yes   -
POST   /v1/schedules/:name/pause                      -      yes       -        yes      -       yes   -
POST   /v1/schedules/:name/resume                     -      yes       -        yes      -       yes   -
POST   /v1/schedules/:name/trigger                    -      yes       -        yes      -       yes   -
POST   /v1/schedules/:name/take-over                  -      yes       -        yes      -       yes   -
GET    /v1/hooks                                      yes    yes       yes      yes      yes     yes   -
POST   /v1/hooks                                      -      yes       -        -        -       yes   -
DELETE /v1/hooks/:name                                -      yes       -        yes      -       yes   -
GET    /v1/webhooks                                   -      -         -        yes      -       yes   -
GET    /v1/webhooks/:id                               -      -         -        yes      -       yes   -
GET    /v1/webhooks/:id/deliveries                    -      -         -        yes      -       yes   -
POST   /v1/webhooks                                   -      -         -        yes      -       yes   -
DELETE /v1/webhooks/:id                               -      -         -        yes      -       yes   -
POST   /v1/webhooks/:id/test                          -      -         -        yes      -       yes   -
POST   /v1/webhooks/:id/deliveries/:deliveryId/retry  -      -         -        yes      -       yes   -
GET    /v1/notification-rules                         -      -         -        yes      -       yes   -
GET    /v1/notification-rules/:name                   -      -         -        yes      -       yes   -
GET    /v1/notification-rules/:name/messages          -      -         -        yes      -       yes   -
POST   /v1/notification-rules                         -      -         -        yes      -       yes   -
DELETE /v1/notification-rules/:name                   -      -         -        yes      -       yes   -
POST   /v1/notification-rules/:name/test              -      -         -        yes      -       yes   -
POST   /v1/notification-rules/:name/messages/:messageId/retry -      -         -        yes      -       yes   -
GET    /v1/workers                                    yes    yes       yes      yes      yes     yes   -
POST   /v1/workers/:id/drain                          -      -         -        yes      -       yes   -
DELETE /v1/workers/:id/drain                          -      -         -        yes      -       yes   -
GET    /v1/templates                                  yes    yes       yes      yes      yes     yes   any
GET    /v1/templates/:id                              yes    yes       yes      yes      yes     yes   any
GET    /v1/templates/:id/texts/:sha256                yes    yes       yes      yes      yes     yes   any
GET    /v1/queues                                     -      -         -        yes      yes     yes   -
POST   /v1/queues/rebuild                             -      -         -        yes      -       yes   -
GET    /v1/dead-letters                               -      -         -        yes      yes     yes   -
POST   /v1/dead-letters/:id/requeue                   -      -         -        yes      -       yes   -
GET    /v1/archive                                    -      -         -        yes      yes     yes   -
POST   /v1/archive                                    -      -         -        yes      -       yes   -
GET    /v1/personal/erasures                          -      -         -        -        yes     yes   -
POST   /v1/personal/lookups                           -      -         -        -        -       yes   -
POST   /v1/personal/erasures                          -      -         -        -        -       yes   -
GET    /v1/audit/verify                               -      -         -        -        yes     yes   -
GET    /v1/audit/checkpoint                           yes    yes       yes      yes      yes     yes   -
GET    /v1/audit/prove                                yes    yes       yes      yes      yes     yes   -
GET    /v1/audit/export                               -      -         -        -        yes     yes   -
GET    /v1/audit/replay                               -      -         -        -        yes     yes   -
GET    /v1/schemas                                    yes    yes       yes      yes      yes     yes   any
GET    /v1/schemas/workflow-document                  yes    yes       yes      yes      yes     yes   any
GET    /v1/auth/me                                    yes    yes       yes      yes      yes     yes   any
GET    /v1/auth/session                               yes    yes       yes      yes      yes     yes   any
DELETE /v1/auth/session                               yes    yes       yes      yes      yes     yes   any
GET    /v1/auth/sessions                              yes    yes       yes      yes      yes     yes   any
DELETE /v1/auth/sessions/:id                          yes    yes       yes      yes      yes     yes   any
POST   /v1/auth/codes                                 yes    yes       yes      yes      yes     yes   any
GET    /v1/auth/keys                                  -      -         -        -        yes     yes   -
GET    /v1/auth/log                                   -      -         -        -        yes     yes   -
GET    /v1/auth/log/verify                            -      -         -        -        yes     yes   -
POST   /v1/auth/keys                                  -      -         -        -        -       yes   -
DELETE /v1/auth/keys/:name                            -      -         -        -        -       yes   -
POST   /v1/auth/keys/:name/rotate                     yes    yes       yes      yes      yes     yes   any
`;

export interface RouteAccess {
  readonly method: string;
  readonly path: string;
  readonly roles: ReadonlySet<Role>;
  readonly scoped: 'own' | 'any' | '-';
}

const isScoped = (word: string): word is RouteAccess['scoped'] => word === 'own' || word === 'any' || word === '-';

/** The table above, row by row. */
export const ACCESS_TABLE: readonly RouteAccess[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((row) => {
    const [method = '', path = '', ...cells] = row.split(/\s+/);
    const scoped = cells.at(-1) ?? '';
    const isSound =
      cells.length === Role.options.length + 1 && cells.slice(0, -1).every((cell) => /^(yes|-)$/.test(cell));
    if (!isSound || !isScoped(scoped)) throw new Error(`the row of ${method} ${path} is not to be read`);
    return { method, path, roles: new Set(Role.options.filter((_, n) => cells[n] === 'yes')), scoped };
  });
