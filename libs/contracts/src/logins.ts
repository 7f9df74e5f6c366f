import { asUser } from './server-url.js';

/**
 * Who logs in to the database: each service under a role of its own, `baton_login_<name>`, and all workers and producers of
 * users under one, `worker`. What each may do there is said by the migrations and by `messaging`; how they come to a
 * password, in ADR 24.
 */

/** The kinds of worker that ask a model. */
export const AGENT_WORKERS = ['planner', 'validator', 'programmer', 'tester', 'prompt', 'advisor'] as const;

/** The kinds of worker that are services of Baton: only their own logins take their tasks. */
export const SERVICE_WORKERS = [...AGENT_WORKERS, 'deployer'] as const;

/** Reads the items of Maps and writes their results: beside the deployer, in its process and under its login. */
const MAP_ITEMS = 'map-items';

/** The kinds of worker that ship: those that are services, and what runs in one of them. */
export const SHIPPED_KINDS = [...SERVICE_WORKERS, MAP_ITEMS] as const;

/** The kinds whose tasks a login of a service takes. */
export const kindsOf = (login: (typeof SERVICE_WORKERS)[number]): readonly string[] =>
  login === 'deployer' ? [login, MAP_ITEMS] : [login];

export const LOGINS = ['orchestrator', 'gateway', ...SERVICE_WORKERS, 'worker'] as const;
export type Login = (typeof LOGINS)[number];

const PREFIX = 'baton_login_';

/** The role of Postgres. */
export const loginRole = (login: Login): string => `${PREFIX}${login}`;

/** The group that holds a login's rights on the event store and what stands beside it. */
export function loginGroup(login: Login): 'baton_hub' | 'baton_gateway' | 'baton_worker' {
  if (login === 'orchestrator') return 'baton_hub';
  return login === 'gateway' ? 'baton_gateway' : 'baton_worker';
}

/** The URL under which a login reaches the database that another URL leads to. */
export const loginUrl = (databaseUrl: string, login: Login, password: string): string =>
  asUser(databaseUrl, loginRole(login), password);
