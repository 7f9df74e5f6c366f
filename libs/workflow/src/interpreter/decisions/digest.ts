import { isJsonObject } from '@baton/asl';
import type { Json, JsonObject } from '@baton/contracts';
import type { DecisionFacts } from '../../decision-points/classify.js';
import { cutText, excerptOf } from '../../excerpt.js';
import type { StartedRun } from '../../state/run-state.js';
import { type Asked, panelOf } from './panel.js';

/*
 * What an advisor is told of a run: what was asked for, what was done, what was found, what people said, what it cost.
 * Data, never instructions; and bounded, whatever the run holds, because it is read by a model that is paid by the word.
 */

/** The most characters of JSON for each part. `cut` of the digest names the parts that are shorter than they were. */
const MOST = {
  input: 6_000,
  steps: 6_000,
  panel: 9_000,
  findings: 4_000,
  toolFindings: 3_000,
  answers: 4_000,
} as const;
const PARTS = ['input', 'steps', 'panel', 'findings', 'toolFindings', 'answers'] as const;
const MOST_ROUNDS = 10;
const MOST_OPEN_STATES = 50;

/** No digest is longer, in characters of JSON. */
export const MOST_OF_DIGEST = 40_000;

export type Found = Pick<DecisionFacts, 'findings' | 'toolFindings'>;

export function digestOf(run: StartedRun, asked: Asked, found: Found, nowMs: number): JsonObject {
  const { document, steps, answers } = run;
  // The map has them in an order that a state read from a snapshot does not share.
  const visits = [...run.visits.values()].sort((a, b) => a.visit - b.visit);
  const openStates = [...new Set(visits.map(({ state }) => state))];
  const history = steps.map(({ state, attempts, outcome }): Json => {
    const step = document.steps?.[state];
    return {
      state,
      ...(step === undefined ? {} : { step: step.number, title: cutText(step.title, 100) }),
      attempts,
      outcome,
    };
  });
  const parts: Readonly<Record<(typeof PARTS)[number], Json>> = {
    input: wantedFirst(run.input),
    // The newest come first, so that what has no room is what is longest ago.
    steps: history.reverse(),
    panel: smallFirst(panelOf(run, asked, nowMs, MOST_ROUNDS)),
    findings: found.findings,
    toolFindings: found.toolFindings,
    answers: answers.map((answer): Json => ({ ...answer })).reverse(),
  };
  const excerpts = PARTS.map((name) => ({ name, ...excerptOf(parts[name], MOST[name]) }));
  const cut = excerpts.filter(({ isCut }) => isCut).map(({ name }) => name);
  const shown = excerpts.flatMap(({ name, value }): readonly [string, Json][] =>
    name === 'panel' && isJsonObject(value) ? Object.entries(value) : value === null ? [] : [[name, value]],
  );
  return {
    workflow: `${run.workflow.name}@${run.workflow.version}`,
    title: cutText(document.title, 200),
    point: { ...asked.point },
    phase: asked.phase === null ? null : cutText(asked.phase, 100),
    openStates: openStates.slice(0, MOST_OPEN_STATES).map((state) => cutText(state, 80)),
    ...Object.fromEntries(shown),
    ...(cut.length === 0 ? {} : { cut }),
  };
}

/** What is long comes last, so that it leaves out nothing but itself. */
const smallFirst = ({ rounds, changes, failures, ...small }: JsonObject): JsonObject => ({
  ...small,
  ...(rounds === undefined ? {} : { rounds }),
  ...(changes === undefined ? {} : { changes }),
  ...(failures === undefined ? {} : { failures }),
});

/** The members of an input that usually say what is wanted, before those that say how and with what. */
const WANTED = ['requirements', 'goal', 'question', 'text'];

function wantedFirst(input: Json): Json {
  if (!isJsonObject(input)) return input;
  const wanted = WANTED.flatMap((name) => (Object.hasOwn(input, name) ? [[name, input[name] ?? null] as const] : []));
  return { ...Object.fromEntries(wanted), ...input };
}
