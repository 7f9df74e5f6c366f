import type { OperationsPart } from '@baton/contracts';
import { type Caller, callerOn } from '../auth/caller.js';

const ROUTES: Readonly<Record<OperationsPart, string>> = {
  queues: '/v1/queues',
  workers: '/v1/workers',
  'dead-letters': '/v1/dead-letters',
  webhooks: '/v1/webhooks',
  keys: '/v1/auth/keys',
  // That somebody signed in stands in the log of access: whoever may not read that is not told of it here.
  sessions: '/v1/auth/log',
};

/** Whether somebody may look at it, and so may know that it has changed. */
export function mayWatch(caller: Caller, part: OperationsPart): boolean {
  try {
    callerOn(caller, 'GET', ROUTES[part]);
    return true;
  } catch {
    return false;
  }
}
