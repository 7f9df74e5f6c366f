import { type ChoiceRule, type ChoiceState, ErrorName, type Json } from '@baton/asl';
import type { DecisionFacts } from '../../decision-points/classify.js';
import type { DecisionPoint } from '../../document/workflow-document.js';
import type { VisitState } from '../../state/run-state.js';
import {
  type Evaluated,
  evaluateIn,
  evaluateResults,
  type FailedVisit,
  failedVisit,
  failureIn,
  testIn,
} from '../data/evaluation.js';
import { inputOf, pathResults } from '../data/paths.js';
import { decidePoint } from '../decisions/decide-point.js';
import { convergenceOf, readFacts } from '../decisions/decision-facts.js';
import { proposeChoice } from '../decisions/propose.js';
import { withoutPersons } from '../decisions/without-persons.js';
import { queryLanguageOf, type Turn } from '../turn/turn.js';
import { exitVisit } from './leave-state.js';

/** Takes the first rule that holds, or the default; at a decision point the choice is put on record. */
export async function decideChoice(turn: Turn, visit: VisitState, state: ChoiceState): Promise<FailedVisit | null> {
  const facts = await factsOf(turn, visit);
  const found = await findRule(turn, visit, state);
  if (!found.ok) return failedVisit(visit, found.failure);
  const target = targetOf(state, found.value);
  const point = pointOf(turn, visit);
  if (target === undefined || point === undefined || facts === null) {
    return leaveBy(turn, visit, state, found.value, false);
  }
  const proposal = proposeChoice(turn, visit, state, point, { index: found.value, target }, facts);
  const outcome = decidePoint(turn, visit, await withoutPersons(turn, visit, proposal));
  return outcome === null ? null : leaveAsDecided(turn, visit, state, outcome.move.index);
}

const pointOf = (turn: Turn, visit: VisitState): DecisionPoint | undefined =>
  turn.run.document.decisions?.at.find(({ state }) => state === visit.state);

/** The facts of a decision point, which the Choice's own expressions see as how far it has converged. */
async function factsOf(turn: Turn, visit: VisitState): Promise<DecisionFacts | null> {
  const point = pointOf(turn, visit);
  if (point === undefined) return null;
  const facts = await readFacts(turn, visit, point);
  turn.convergence = { visit: visit.visit, value: convergenceOf(turn, facts) };
  return facts;
}

/** Leaves by a rule, or by the default where the index is null, because it was decided so. */
export async function leaveAsDecided(
  turn: Turn,
  visit: VisitState,
  state: ChoiceState,
  index: number | null,
): Promise<FailedVisit | null> {
  if (turn.convergence?.visit !== visit.visit) await factsOf(turn, visit);
  return leaveBy(turn, visit, state, index, true);
}

async function leaveBy(
  turn: Turn,
  visit: VisitState,
  state: ChoiceState,
  index: number | null,
  isDecided: boolean,
): Promise<FailedVisit | null> {
  const next = targetOf(state, index);
  if (next === undefined) {
    return failedVisit(visit, failureIn(visit, ErrorName.noChoiceMatched, 'No rule holds, and there is no Default.'));
  }
  // Output and Assign of the state itself belong to its default.
  const results = await choiceResults(turn, visit, state, index === null ? undefined : state.Choices[index]);
  return results.ok
    ? exitVisit(turn, visit, { ...results.value, next, isDecided })
    : failedVisit(visit, results.failure);
}

const targetOf = (state: ChoiceState, index: number | null): string | undefined =>
  (index === null ? undefined : state.Choices[index]?.Next) ?? state.Default;

async function choiceResults(turn: Turn, visit: VisitState, state: ChoiceState, rule: ChoiceRule | undefined) {
  if (queryLanguageOf(turn, visit, state) === 'JSONata') {
    return evaluateResults(turn, visit, rule ?? state, {}, visit.input);
  }
  const { Assign } = rule ?? state;
  const { OutputPath } = state;
  const input = await inputOf(turn, visit, state);
  if (!input.ok) return input;
  const places = { ...(OutputPath === undefined ? {} : { OutputPath }), ...(Assign === undefined ? {} : { Assign }) };
  return pathResults(turn, visit, places, input.value);
}

/** The index of the first rule whose condition holds, or null. */
async function findRule(turn: Turn, visit: VisitState, state: ChoiceState): Promise<Evaluated<number | null>> {
  const isPath = queryLanguageOf(turn, visit, state) === 'JSONPath';
  const input = await inputOf(turn, visit, state);
  if (!input.ok) return input;
  for (const [index, rule] of state.Choices.entries()) {
    const holds = isPath
      ? await testData(turn, visit, rule, index, input.value)
      : await evaluateCondition(turn, visit, rule, index);
    if (!holds.ok) return holds;
    if (holds.value) return { ok: true, value: index };
  }
  return { ok: true, value: null };
}

async function testData(
  turn: Turn,
  visit: VisitState,
  rule: ChoiceRule,
  index: number,
  input: Json,
): Promise<Evaluated<boolean>> {
  const tested = await testIn(turn, visit, `Choices/${index}`, rule, input);
  return tested.ok ? { ok: true, value: tested.value === true } : tested;
}

async function evaluateCondition(
  turn: Turn,
  visit: VisitState,
  rule: ChoiceRule,
  index: number,
): Promise<Evaluated<boolean>> {
  const field = `Choices/${index}/Condition`;
  const evaluated = await evaluateIn(turn, visit, field, rule.Condition ?? null);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (typeof value === 'boolean') return { ok: true, value };
  const problem = `The field '${field}' must give true or false, but gave ${JSON.stringify(value)}.`;
  return { ok: false, failure: failureIn(visit, ErrorName.queryEvaluation, problem) };
}
