import { commandIdOf, type JsonObject } from '@baton/contracts';
import { humanMove } from '../../decision-points/legal-moves.js';
import { modeOfRun } from '../../decision-points/mode-of-run.js';
import type { Question } from '../../decision-points/question.js';
import { isAdviceWanted } from '../../decision-points/reconcile.js';
import { cutText } from '../../excerpt.js';
import type { VisitState } from '../../state/run-state.js';
import { askApproval } from '../turn/ask-approval.js';
import { withinRun } from '../turn/time-limit.js';
import { emit, type Turn } from '../turn/turn.js';
import { digestOf, type Found } from './digest.js';
import { panelOf } from './panel.js';
import { byRule, type DecisionOutcome, type Proposal, questionOf, recordDecision } from './record-decision.js';

const TEMPLATE = 'workflow_orchestrator_prompt_template';
const ADVICE_SECONDS = 60;
const MOST_REASONS = 20;
const MOST_OF_SENTENCE = 300;

/**
 * Decides at a point. Where the mode wants advice, the visit waits for it: then null. In shadow the rule is followed at
 * once, and what the advisor says is only put on record. Where the rule asks a person, it does so in every mode.
 */
export function decidePoint(turn: Turn, visit: VisitState, proposal: Proposal): DecisionOutcome | null {
  const decisionMode = modeOfRun(turn.run);
  const question = questionOf(turn, proposal, 'advisor');
  const isForPerson = question.rule.id === humanMove.id;
  const isAsked = isAdviceWanted(decisionMode, question.classification);
  if (isAsked && !isForPerson && decisionMode !== 'shadow') {
    askAdvisor(turn, visit, question, proposal.facts, false);
    return null;
  }
  const outcome = byRule(question);
  recordDecision(turn, question, outcome);
  if (isAsked && decisionMode === 'shadow') askAdvisor(turn, visit, question, proposal.facts, true);
  if (!isForPerson) return outcome;
  askPerson(turn, visit, forPersonOf(question, proposal), whatFollows(question));
  return null;
}

function askAdvisor(turn: Turn, visit: VisitState, question: Question, found: Found, isShadow: boolean): void {
  const { point, classification, reasons, moves } = question;
  const legalMoves = moves.map(({ id, actionType, target, recoveryStrategy, text }) => ({
    ...{ id, actionType, target, text: cutText(text, MOST_OF_SENTENCE) },
    ...(recoveryStrategy === null ? {} : { recoveryStrategy }),
  }));
  const policy = turn.run.document.decisions?.advice;
  const given: JsonObject = {
    template: policy?.template ?? TEMPLATE,
    point: { ...point },
    classification,
    reasons: reasons.slice(0, MOST_REASONS).map((reason) => cutText(reason, MOST_OF_SENTENCE)),
    digest: digestOf(turn.run, question, found, turn.nowMs),
    legalMoves,
  };
  emit(turn, {
    type: 'AdviceRequested',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      question,
      arguments: given,
      deadline: withinRun(turn, turn.nowMs + (policy?.timeoutSeconds ?? ADVICE_SECONDS) * 1000),
      ...(policy?.budget === undefined ? {} : { budget: policy.budget }),
      ...(isShadow ? { isShadow: true as const } : {}),
    },
  });
}

/** The question as a person gets it: with every move that only a person may choose. */
export const forPersonOf = (question: Question, { forPerson }: Proposal): Question =>
  forPerson === undefined ? question : { ...question, rule: forPerson.rule, moves: [...forPerson.moves], blocked: [] };

export const whatFollows = ({ point }: Question): string => `What shall follow at ${point.state}?`;

/** Makes the visit wait for a person, who is shown the whole story and chooses one of the moves. */
export function askPerson(turn: Turn, visit: VisitState, asked: Question, title: string): void {
  const question: Question = { ...asked, asks: 'person', decisionId: `${turn.runId}-d${turn.run.nextDecision}` };
  const { point, reasons, rule, rationale, failure } = question;
  const moves = question.moves.filter(({ id }) => id !== 'human').map(({ id, text }) => ({ id, text }));
  const given: JsonObject = {
    title,
    about: 'decision',
    point: { ...point },
    ...(failure === null ? {} : { failure: { error: failure.error, cause: failure.cause } }),
    reasons,
    proposed: { id: rule.id, text: rule.text, because: rationale },
    moves,
    panel: panelOf(turn.run, question, turn.nowMs),
  };
  askApproval(turn, visit, given, { question });
}
