import type { NotificationSender } from '@baton/notifications';
import type { Ledger } from '../parts/ledger.js';
import type { Choices } from './choices.js';
import type { Process } from './clockwork.js';
import type { Caps } from './database/places.js';
import type { Operations, Weather } from './operations.js';

/** What a seed has in store for its world: of each kind of fault often none, so that the others are seen by themselves. */
export interface Climate extends Weather {
  readonly hubs: number;
  readonly workers: number;
  readonly isAdvised: boolean;
  readonly ownDoors: number;
  /** Whether the queues are in the database of the log. */
  readonly isInDatabase: boolean;
  readonly stormMs: number;
  readonly clockErrorMs: number;
  readonly kills: number;
  readonly freezes: number;
  readonly clockJumps: number;
  readonly wipes: number;
  readonly losses: number;
  readonly overtaking: number;
  readonly doubling: number;
  /** How much may be under way at once; null: there are no caps, as most often. */
  readonly caps: Caps | null;
  readonly capChanges: number;
  readonly isReplayed: boolean;
}

const [ONE, TWO] = [1, 2];
export const CAPS: readonly Caps[] = [
  { atOnce: ONE, perSubmitter: null, perWorkflow: null },
  { atOnce: TWO, perSubmitter: ONE, perWorkflow: null },
  { atOnce: null, perSubmitter: TWO, perWorkflow: ONE },
];

export function climateOf(choices: Choices): Climate {
  const often = (what: string, most: number): number => {
    const drawn = choices.draw(`how often ${what}`);
    return drawn < 0.45 ? 0 : most * (drawn - 0.4);
  };
  return {
    hubs: choices.draw('hubs') < 0.85 ? 2 : 3,
    workers: 2,
    isAdvised: choices.draw('is advised') < 0.5,
    isInDatabase: choices.draw('queues in the database') < 0.5,
    ownDoors: choices.pick('own doors', [0, 0.5, 1, 1]),
    stormMs: 4_000 + 6_000 * choices.draw('storm'),
    clockErrorMs: choices.draw('clocks are wrong') < 0.5 ? 0 : 600_000,
    isKilled: often('kills between', 0.012),
    isFrozen: often('freezes between', 0.004),
    isAway: often('away', 0.06),
    isUnanswered: often('unanswered', 0.06),
    isSlow: often('slow', 0.06),
    kills: often('kills', 0.05),
    freezes: often('freezes', 0.05),
    clockJumps: often('clock jumps', 0.03),
    wipes: often('wipes', 0.02),
    losses: often('losses', 0.05),
    overtaking: often('overtaking', 0.8),
    doubling: often('doubling', 0.3),
    caps: choices.draw('caps') < 0.3 ? choices.pick('which caps', CAPS) : null,
    capChanges: choices.draw('caps change') < 0.3 ? 0.02 : 0,
    isReplayed: choices.draw('is replayed') < 0.2,
  };
}

type Post = NonNullable<Parameters<typeof NotificationSender.start>[0]['post']>;

/** The endpoint of the webhook: it may be away, and answers what it heard of before as well. */
export const endpointOf =
  (process: Process, operations: Operations, ledger: Ledger): Post =>
  async ({ headers, body }) => {
    const { type, data } = JSON.parse(body) as { readonly type: string; readonly data: { readonly runId: string } };
    try {
      await operations.ask(process, 'webhook', () => ledger.hear(data.runId, type, headers['webhook-id'] ?? ''));
      return { type: 'answered', status: 200, text: '' };
    } catch {
      return { type: 'unanswered', error: 'it is away' };
    }
  };
