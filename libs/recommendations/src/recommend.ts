import { createHash } from 'node:crypto';
import type { JsonObject, LogWindow, Recommendation, RecommendationReport } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { type DecisionScope, newestRuns, recordedDecisions } from '@baton/read-model';
import { canonicalJson, type DecisionPolicy, readEvent, type WorkflowDocument } from '@baton/workflow';
import { type RunFacts, RunFold } from './facts/run-facts.js';
import { ModelTally } from './kinds/cheaper-model.js';
import { type Draft, type Found, noEffect } from './kinds/draft.js';
import { JudgeFailureTally } from './kinds/judges.js';
import { orphansOf } from './kinds/orphans-of.js';
import { OverruledTally } from './kinds/overruled-rules.js';
import { RatingTally } from './kinds/ratings.js';
import { RetryTally } from './kinds/retries.js';
import { ThresholdTally } from './kinds/thresholds.js';
import { sparedRounds, tryPolicy } from './try-policy.js';
import { type AskedWindow, asFarAsSeen, deadlineOf, decisionScope, type Ports } from './window.js';

const PAGE = 500;
/** Of one run: what a longer one says later is left out. */
const MOST_EVENTS = 20_000;
/** Each policy is tried on all runs of the window. */
const MOST_DRAFTS = 40;

/**
 * What the log says would be better otherwise. Decisions are read from their rows, page by page, and runs from their events, one
 * after the other; policies are tried by the very back-test that `POST /v1/decisions/backtest` makes.
 *
 * @throws TooMuchToRead
 */
export async function recommend(ports: Ports, window: AskedWindow): Promise<RecommendationReport> {
  const inTime = deadlineOf(ports);
  const asked = await asFarAsSeen(ports, window);
  const { scope, isCut } = await decisionScope(ports, asked);
  const { founds: ofDecisions, ...counts } = await lookAtDecisions(ports, scope, inTime);
  const { founds: ofRuns, read, started, isLeftOff } = await lookAtRuns(ports, asked, inTime);
  const looked: LogWindow = {
    ...{ workflow: scope.workflow ?? null, since: scope.since ?? null, until: scope.until },
    ...{ runs: counts.runs.size, decisions: counts.decisions, runsRead: read, isCut: isCut || isLeftOff },
  };
  const documents = new Documents(ports, new Map([...counts.newest, ...started]));
  const recommendations: Recommendation[] = [];
  const founds = [...ofDecisions, ...ofRuns];
  const drafts = founds.flatMap((found) => found.drafts);
  for (const draft of drafts.slice(0, MOST_DRAFTS)) {
    const made = await decideOn(draft, ports, scope, documents, inTime);
    if (made !== null) recommendations.push(made);
  }
  const left = drafts.length - MOST_DRAFTS;
  return {
    window: looked,
    recommendations: recommendations.toSorted((one, other) => other.confidence - one.confidence),
    looked: founds.map(({ looked }) =>
      left <= 0
        ? looked
        : { ...looked, note: `${looked.note} ${left} of all kinds were not tried: ask for one workflow.` },
    ),
  };
}

async function lookAtDecisions({ pool }: Ports, scope: DecisionScope, inTime: () => void) {
  const tallies = [new ThresholdTally(), new JudgeFailureTally(), new OverruledTally()];
  const runs = new Set<string>();
  const newest = new Map<string, string>();
  let decisions = 0;
  for await (const page of recordedDecisions(pool, scope)) {
    inTime();
    decisions += page.length;
    for (const decision of page) {
      runs.add(decision.runId);
      newest.set(decision.workflow, decision.runId);
      for (const tally of tallies) tally.add(decision);
    }
  }
  return { founds: tallies.map((tally): Found => tally.found()), runs, newest, decisions };
}

async function lookAtRuns(ports: Ports, { runs, ...scope }: AskedWindow, inTime: () => void) {
  const tallies = [new ModelTally(), new RetryTally(), new RatingTally()];
  const rows = await newestRuns(ports.pool, scope, runs + 1);
  const started = new Map<string, string>();
  for (const { runId, workflow } of rows.slice(0, runs)) {
    inTime();
    if (!started.has(workflow)) started.set(workflow, runId);
    const facts = await readRun(ports, runId);
    for (const tally of tallies) tally.add(workflow, facts);
  }
  const founds = tallies.map((tally): Found => tally.found());
  return { founds, started, read: Math.min(rows.length, runs), isLeftOff: rows.length > runs };
}

async function readRun({ pool }: Ports, runId: string): Promise<RunFacts> {
  const fold = new RunFold(runId);
  for (let version = 0; version < MOST_EVENTS; version += PAGE) {
    const page = await readStream(pool, runId, { fromVersion: version + 1, limit: PAGE });
    for (const stored of page) fold.next(readEvent(stored), stored);
    if (page.length < PAGE) break;
  }
  return fold.finish();
}

/** The documents that the newest run of each workflow started with, each read once, and only where a change is to be named. */
class Documents {
  readonly #read = new Map<string, WorkflowDocument | null>();

  constructor(
    private readonly ports: Ports,
    private readonly newest: ReadonlyMap<string, string>,
  ) {}

  async of(workflow: string): Promise<WorkflowDocument | null> {
    const runId = this.newest.get(workflow);
    const known = this.#read.get(workflow);
    if (known !== undefined || runId === undefined) return known ?? null;
    const [stored] = await readStream(this.ports.pool, runId, { limit: 1 });
    const event = stored === undefined ? null : readEvent(stored);
    // A fork goes on in the document of another run, which may be an older one.
    const document = event?.type === 'RunStarted' ? event.data.document : null;
    this.#read.set(workflow, document);
    return document;
  }
}

async function decideOn(
  draft: Draft,
  ports: Ports,
  scope: DecisionScope & { readonly until: string },
  documents: Documents,
  inTime: () => void,
): Promise<Recommendation | null> {
  const { kind, subject, policy, sparesRounds, otherwise } = draft;
  const { workflow } = subject;
  const document = await documents.of(workflow);
  if (document !== null && draft.isDone?.(document) === true) return null;
  const tried = policy === null ? null : await tryPolicy(ports, policy, { ...scope, workflow }, inTime);
  const saved = sparesRounds && tried !== null ? await sparedRounds(ports, tried.turned, inTime) : noEffect;
  const said = draft.say(tried?.report ?? null, saved);
  if (said === null) return otherwise === undefined ? null : decideOn(otherwise, ports, scope, documents, inTime);
  const change = document === null ? null : draft.changeOf(document);
  const orphans = document === null || change?.in !== 'workflow' ? [] : orphansOf(document, change);
  const more =
    orphans === null || orphans.length === 0
      ? ''
      : ` With the change nothing leads to ${orphans.join(', ')} any more: that has to go, too.`;
  return {
    id: idOf(draft),
    ...{ kind, subject, ...said, why: `${said.why}${more}` },
    policy: policy === null ? null : asJson(policy),
    // What would be refused is no advice.
    change: orphans === null ? null : change,
    backtest: tried?.report ?? null,
  };
}

const asJson = (policy: DecisionPolicy): JsonObject => JSON.parse(JSON.stringify(policy));

/** The same for the same kind of thing about the same subject, whatever the figures are. */
export const idOf = ({ kind, subject }: Pick<Draft, 'kind' | 'subject'>): string =>
  createHash('sha256').update(canonicalJson({ kind, subject })).digest('hex').slice(0, 12);
