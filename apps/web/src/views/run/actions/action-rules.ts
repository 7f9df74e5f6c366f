import type { Schemas } from '../../../api/api.js';

type Status = Schemas['RunDetail']['status'];

interface Rule {
  /** The roles that may, beside admin. */
  readonly roles: readonly string[];
  readonly from: readonly Status[];
}

/** Where an action is of use, and who may do it: as the gateway judges it, which has the last word. */
const RULES = {
  cancel: { roles: ['operator'], from: ['accepted', 'running', 'paused'] },
  pause: { roles: ['operator'], from: ['running'] },
  resume: { roles: ['operator'], from: ['paused'] },
  retry: { roles: ['operator'], from: ['failed'] },
  signal: { roles: ['operator'], from: ['running', 'paused'] },
  fork: { roles: ['submitter', 'operator'], from: ['running', 'paused', 'succeeded', 'failed', 'cancelled'] },
  resubmit: { roles: ['submitter'], from: ['running', 'paused', 'succeeded', 'failed', 'cancelled'] },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof RULES;

/** Whether whoever looks at this has one of these roles, or may do everything. */
export type May = (...roles: readonly string[]) => boolean;

export const isOffered = (action: Action, status: Status, may: May): boolean => {
  const { roles, from }: Rule = RULES[action];
  return from.includes(status) && may(...roles);
};

const ORDER: readonly Action[] = ['resume', 'retry', 'pause', 'signal', 'fork', 'resubmit', 'cancel'];

/** What can be done with a run in a state, in the order in which it is offered. */
export const actionsFor = (status: Status, may: May): readonly Action[] =>
  ORDER.filter((action) => isOffered(action, status, may));
