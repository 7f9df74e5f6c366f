import type { TaskState } from '@baton/asl';
import type { Json } from '@baton/contracts';
import { workerKindOf } from '../../document/resource.js';
import type { WorkflowDocument } from '../../document/workflow-document.js';
import type { RunEventOf } from '../../events/run-event.js';
import { cutText } from '../../excerpt.js';
import type { VisitState } from '../../state/run-state.js';
import type { VisitConversation } from '../../state/visit-conversation.js';
import { evaluateIn, type FailedVisit, failedVisit } from '../data/evaluation.js';
import { askApproval } from '../turn/ask-approval.js';
import type { Turn } from '../turn/turn.js';
import { askedOf } from './approval.js';
import type { Recovery } from './recovery.js';

/*
 * A task that asks a person is over, and its visit waits for an approval that shows the question. With the answer, or with
 * the word that there is none, another task goes on from the journals of those before.
 */

/** What holds where a document says nothing of it: three questions for a visit, and everybody may answer, at any time. */
const USUAL_MOST = 3;

type Policy = Exclude<WorkflowDocument['questions'], 'none' | undefined>;

const policyOf = ({ run }: Turn): Policy | null => {
  const { questions = {} } = run.document;
  return questions === 'none' ? null : questions;
};

/** How many questions the next task of a visit may put to a person. An expression that fails permits none. */
export async function questionsLeft(turn: Turn, visit: VisitState, state: TaskState): Promise<number> {
  const policy = workerKindOf(state.Resource) === null ? null : policyOf(turn);
  const left = policy === null ? 0 : (policy.most ?? USUAL_MOST) - visit.questions;
  if (policy?.when === undefined || left <= 0) return Math.max(0, left);
  const may = await evaluateIn(turn, visit, 'questions.when', policy.when);
  return may.ok && may.value === true ? left : 0;
}

/** Puts the question of the task that is over to a person. */
export function askForTask(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  { question }: VisitConversation,
): FailedVisit | null {
  const { timeoutSeconds, approvers } = policyOf(turn) ?? {};
  const step = turn.run.document.steps?.[visit.state];
  const name = step?.title ?? visit.state;
  const given: Json = {
    title: `${name} asks: ${cutText(question.text.replace(/\s+/g, ' '), 120)}`,
    about: 'question',
    askedBy: workerKindOf(state.Resource),
    question: question.text,
    ...(question.choices === undefined ? {} : { choices: question.choices }),
    ...(approvers === undefined ? {} : { policy: { approvers } }),
  };
  const asked = askedOf(turn, given);
  if (!asked.ok) return failedVisit(visit, asked.failure);
  askApproval(turn, visit, given, {
    timeoutSeconds,
    ...(asked.value === undefined ? {} : { approval: asked.value }),
  });
  return null;
}

/** A task that goes on where another asked, and not from the beginning. */
export interface GoesOn {
  readonly conversation: VisitConversation;
  /** How the task that asked had been tried again. */
  readonly hinted: Recovery | null;
}

/**
 * Whether the next task goes on from an answered question: also one that is tried again, so that nobody is asked twice. With
 * another model, another template or less to do it begins anew, since what was said before was said to another task.
 */
export function goesOn(turn: Turn, visit: VisitState, recovery: Recovery | null): GoesOn | null {
  const { conversation } = visit;
  if (conversation === null || conversation.answer === null || visit.handIn !== null) return null;
  if (recovery !== null && !KEEPS_WHAT_WAS_SAID.has(recovery.strategy)) return null;
  const failed = turn.run.failures.findLast(({ state }) => state === visit.state);
  const previous = failed ?? { error: '', cause: '' };
  const strategy = conversation.recovery;
  return { conversation, hinted: strategy === null ? null : { strategy, previous } };
}

const KEEPS_WHAT_WAS_SAID: ReadonlySet<string> = new Set(['same', 'extended_timeout']);

/** What the event of a task says of questions: how many it may ask, and what it goes on from. */
export function conversationFacts(
  left: number,
  goingOn: GoesOn | null,
): Pick<RunEventOf<'TaskScheduled'>['data'], 'questions' | 'continues' | 'answer'> {
  const { parts = [], answer = null } = goingOn?.conversation ?? {};
  return {
    ...(left === 0 ? {} : { questions: left }),
    ...(answer === null || parts.length === 0 ? {} : { continues: [...parts], answer }),
  };
}

/** One that goes on with an answer for the first time is the same try. */
export const attemptOf = (visit: VisitState, goingOn: GoesOn | null): number =>
  goingOn === null || goingOn.conversation.isTaken ? visit.attempts + 1 : Math.max(1, visit.attempts);
