import type { PatternReport } from '@baton/contracts';
import { recordedDecisions } from '@baton/read-model';
import { PatternTally } from './patterns.js';
import { type AskedWindow, asFarAsSeen, deadlineOf, decisionScope, type Ports } from './window.js';

/** Which facts go with the rule being overruled, over the decisions of a window. @throws TooMuchToRead */
export async function findPatterns(ports: Ports, asked: AskedWindow): Promise<PatternReport> {
  const inTime = deadlineOf(ports);
  const { scope, isCut } = await decisionScope(ports, await asFarAsSeen(ports, asked));
  const tally = new PatternTally();
  const runs = new Set<string>();
  let decisions = 0;
  for await (const page of recordedDecisions(ports.pool, scope)) {
    inTime();
    decisions += page.length;
    for (const decision of page) {
      runs.add(decision.runId);
      tally.add(decision);
    }
  }
  const { workflow = null, since = null, until } = scope;
  const window = { workflow, since, until, runs: runs.size, decisions, runsRead: 0, isCut };
  return { window, ...tally.result() };
}
