import { microUsdOf, type PolicyTried, usdOf } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { backtestDecisions, type DecisionScope } from '@baton/read-model';
import { type DecisionPolicy, readEvent } from '@baton/workflow';
import type { Saved } from './kinds/draft.js';
import { estimateOf, noMoments, withValue } from './statistics/moments.js';
import type { Ports } from './window.js';

/** A decision that would have been another one, and the first such of its run. */
export interface Turned {
  readonly runId: string;
  readonly version: number;
  readonly state: string;
}

/** What became of a policy, and where runs would have gone another way. */
export interface Tried {
  readonly report: PolicyTried;
  readonly turned: readonly Turned[];
}

const MOST_TURNED = 50;

/** The back-test that anybody can repeat, over all its pages. */
export async function tryPolicy(
  { pool, nowMs }: Ports,
  policy: DecisionPolicy,
  scope: DecisionScope & { readonly workflow: string; readonly until: string },
  inTime: () => void,
): Promise<Tried> {
  const counts: Record<string, number> = {};
  const turned: Turned[] = [];
  let [runs, decisions, differing, first] = [0, 0, 0, 0];
  for (let after: string | null = null; ; ) {
    inTime();
    const page = await backtestDecisions(pool, policy, scope, nowMs, after);
    runs += page.runs;
    decisions += page.decisions;
    for (const [result, count] of Object.entries(page.counts)) counts[result] = (counts[result] ?? 0) + count;
    for (const { result, isBeyondDifference, runId, version, point } of page.differing) {
      if (result !== 'other-move') continue;
      differing += 1;
      if (isBeyondDifference) continue;
      first += 1;
      if (turned.length < MOST_TURNED) turned.push({ runId, version, state: point.state });
    }
    after = page.next;
    if (after === null) break;
  }
  const { workflow, since = null, until } = scope;
  return { report: { workflow, since, until, runs, decisions, counts, differing, first }, turned };
}

const PAGE = 500;
const MOST_EVENTS = 5_000;

/**
 * What came between such a decision and the next one at its place: the round that would not have been. A run that never came back
 * there says nothing.
 */
export async function sparedRounds({ pool }: Ports, turned: readonly Turned[], inTime: () => void): Promise<Saved> {
  let [cost, time, hasUnknownPrice] = [noMoments, noMoments, false];
  for (const each of turned) {
    inTime();
    const round = await roundAfter(pool, each);
    if (round === null) continue;
    time = withValue(time, round.ms);
    if (round.microUsd === null) hasUnknownPrice = true;
    else cost = withValue(cost, usdOf(round.microUsd));
  }
  return { costUsd: hasUnknownPrice ? null : estimateOf(cost), ms: estimateOf(time) };
}

async function roundAfter(pool: Ports['pool'], { runId, version, state }: Turned) {
  let microUsd: number | null = 0;
  let beganMs: number | null = null;
  for (let from = version; from < version + MOST_EVENTS; from += PAGE) {
    const page = await readStream(pool, runId, { fromVersion: from, limit: PAGE });
    for (const stored of page) {
      const atMs = Date.parse(stored.recordedAt);
      beganMs ??= atMs;
      const event = readEvent(stored);
      if (stored.version > version && event.type === 'DecisionMade' && event.data.decision.point.state === state) {
        return { microUsd, ms: Math.max(0, atMs - beganMs) };
      }
      if (!('usage' in event.data) || event.data.usage === undefined) continue;
      const { costUsd } = event.data.usage;
      microUsd = microUsd === null || costUsd === null ? null : microUsd + microUsdOf(costUsd, 'up');
    }
    if (page.length < PAGE) return null;
  }
  return null;
}
