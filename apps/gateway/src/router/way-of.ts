import { shardOf } from '@baton/contracts';

/** What becomes of a request: it goes to one shard, is answered from all of them, or is none that the router has. */
export type Way =
  | { readonly to: 'shard'; readonly shard: number }
  /** About a run that is named by the beginning of its id: whichever has it. */
  | { readonly to: 'search'; readonly prefix: string }
  /** The shard follows from its body. */
  | { readonly to: 'submission' }
  | { readonly to: 'all'; readonly what: 'runs' | 'events' | 'verification' | 'readiness' | 'liveness' }
  | { readonly to: 'nobody'; readonly why: 'unknown-place' | 'of-one-log' | 'no-such-shard' };

interface Asked {
  readonly method: string;
  /** Its path and its query count. */
  readonly url: Pick<URL, 'pathname' | 'searchParams'>;
  /** The header `Baton-Shard`: whoever wants to talk to one of them. */
  readonly shard?: string | undefined;
  readonly accept?: string | undefined;
}

/** A run, or what is named by the run that it belongs to. */
const OF_RUN = /^\/v1\/(?:runs|approvals|foresight\/expectations)\/([^/]+)(?:\/|$)/;
const PREFIX = /^[0-9a-f-]{1,35}$/i;
const RUN_ID_LENGTH = 36;

/** @param of how many shards there are */
export function wayOf({ method, url: { pathname, searchParams }, shard, accept }: Asked, of: number): Way {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
  if (shard !== undefined) return wayToNamed(shard, of);
  const isRead = method === 'GET' || method === 'HEAD';
  const named = OF_RUN.exec(path)?.[1] ?? (isRead && ABOUT_A_RUN.has(path) ? searchParams.get('run') : null);
  if (named !== null) return wayToRun(named, of);
  if (SUBMISSIONS.has(path) && method === 'POST') return { to: 'submission' };
  const what = isRead ? OF_ALL.get(path) : undefined;
  // What happens live in all of them has no order to be told in.
  const isLive = what === 'events' && accept?.includes('text/event-stream') === true;
  return what === undefined || isLive ? { to: 'nobody', why: 'of-one-log' } : { to: 'all', what };
}

/** What has a parameter `run`. To all else it says nothing, and so not where it goes either. */
const ABOUT_A_RUN: ReadonlySet<string> = new Set([
  '/v1/events',
  '/v1/approvals',
  '/v1/decisions',
  '/v1/anomalies',
  '/v1/audit/verify',
  '/v1/audit/prove',
  '/v1/audit/replay',
  '/v1/audit/export',
]);

const SUBMISSIONS: ReadonlySet<string> = new Set([
  '/v1/runs',
  '/v1/goals',
  // Their token says which run they are about.
  '/v1/task-tokens/success',
  '/v1/task-tokens/failure',
  '/v1/task-tokens/heartbeat',
]);

const OF_ALL: ReadonlyMap<string, Extract<Way, { to: 'all' }>['what']> = new Map([
  ['/v1/runs', 'runs'],
  ['/v1/events', 'events'],
  ['/v1/audit/verify', 'verification'],
  ['/readyz', 'readiness'],
  ['/livez', 'liveness'],
]);

function wayToNamed(text: string, of: number): Way {
  const shard = /^\d{1,4}$/.test(text) ? Number(text) : of;
  return shard < of ? { to: 'shard', shard } : { to: 'nobody', why: 'no-such-shard' };
}

function wayToRun(id: string, of: number): Way {
  const shard = shardOf(id.slice(0, RUN_ID_LENGTH), of);
  if (shard !== null) return { to: 'shard', shard };
  return PREFIX.test(id) ? { to: 'search', prefix: id } : { to: 'nobody', why: 'unknown-place' };
}
