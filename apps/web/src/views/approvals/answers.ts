import { type Actor, type ApprovalAnswer, type Asked, mayBeOnePerson } from '@baton/contracts';
import type { Schemas } from '../../api/api.js';
import { durationOf } from '../../parts/spans.js';

/** One of the answers that fit a question. */
export interface Answer {
  readonly decision: ApprovalAnswer;
  readonly title: string;
  /** The key that opens its dialog. */
  readonly key: 'a' | 'c' | 'x';
  readonly words: 'required' | 'optional';
  /** What is asked of whoever gives it. */
  readonly label: string;
  /** What follows from it. */
  readonly effect: string;
}

const APPROVE: Answer = {
  decision: 'approve',
  title: 'Approve',
  key: 'a',
  words: 'optional',
  label: 'Comment',
  effect: 'The run goes on with what is shown here, once all who have to have approved it.',
};
const CHANGE: Answer = {
  decision: 'request-changes',
  title: 'Request changes',
  key: 'c',
  words: 'required',
  label: 'What is to be changed',
  effect: 'It goes back with your words, and you are asked again about what comes of them.',
};
const REJECT: Answer = {
  decision: 'reject',
  title: 'Reject',
  key: 'x',
  words: 'required',
  label: 'Reason',
  effect: 'The state fails with Baton.Rejected, and so does the run where nothing catches that.',
};
const SAY: Answer = {
  decision: 'answer',
  title: 'Answer',
  key: 'a',
  words: 'required',
  label: 'Your answer',
  effect: 'The task goes on where it asked, with your answer.',
};
const HAND_IN: Answer = {
  decision: 'answer',
  title: 'Hand in the work',
  key: 'a',
  words: 'optional',
  label: 'Comment',
  effect: 'A worker looks at it by the rules for its own answers. What does not fit comes back to you.',
};

/** The answers that fit what is asked, the usual one first. */
export function answersTo(asked: Pick<Asked, 'kind' | 'answers'>): readonly Answer[] {
  const told = (answer: Answer): Answer => {
    const effect = Object.hasOwn(asked.answers, answer.decision) ? asked.answers[answer.decision] : undefined;
    return effect === undefined ? answer : { ...answer, effect: sentenceOf(effect) };
  };
  switch (asked.kind) {
    case 'question':
      return [SAY, { ...REJECT, effect: 'Nobody answers: the task decides by itself, and says what it assumed.' }];
    case 'work':
      return [HAND_IN, { ...REJECT, effect: 'Nobody does it: the step fails with Baton.Rejected, for its Catch.' }];
    case 'decision':
      return [
        { ...APPROVE, title: 'Take a move', effect: 'The run goes on with the move that you choose.' },
        { ...REJECT, effect: 'None of the moves is taken, and the state fails.' },
      ].map(told);
    case 'approval':
      return [APPROVE, CHANGE, REJECT].map(told);
  }
}

const sentenceOf = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;

/** Who may answer by the policy, in a sentence. */
export function policyWords(policy: Schemas['ApprovalPolicy'] | null): string {
  if (policy === null) return 'Anybody who is an approver may answer, and one is enough.';
  const { approvers, count = 1, excludeSubmitter = false } = policy;
  const who = approvers === undefined ? 'anybody who is an approver' : approvers.join(', ');
  const howMany = count === 1 ? 'One approval is enough' : `${count} different people have to approve`;
  return `${howMany}, of: ${who}.${excludeSubmitter ? ' Whoever submitted the run may not.' : ''}`;
}

/** When somebody is reminded, and when others are asked, too; null where nothing of that is to come. */
export function dueWords(policy: Schemas['ApprovalPolicy'] | null): string | null {
  const { remindAfterSeconds: remind, escalateAfterSeconds: escalate, escalateTo = [] } = policy?.due ?? {};
  const said = [
    ...(remind === undefined ? [] : [`a reminder after ${durationOf(remind * 1_000)}`]),
    ...(escalate === undefined ? [] : [`${escalateTo.join(', ')} asked, too, after ${durationOf(escalate * 1_000)}`]),
  ];
  return said.length === 0 ? null : sentenceOf(said.join(', '));
}

type Standing = Pick<Schemas['ApprovalView'], 'policy' | 'submittedBy' | 'approvals' | 'missing'>;

/** Why nothing that somebody answers would count, as far as it is known here; null where the gateway is to be asked. */
export function barredBy({ policy, submittedBy, approvals, missing }: Standing, actor: Actor): string | null {
  if (policy === null) return null;
  if (policy.excludeSubmitter === true && mayBeOnePerson(submittedBy, actor)) {
    return 'You submitted the run, and its policy leaves the answer to somebody else.';
  }
  if (!approvals.some(({ by }) => mayBeOnePerson(by, actor))) return null;
  const more = missing === null ? '' : ` It waits for ${missing.count === 1 ? 'one more' : `${missing.count} others`}.`;
  return `You have approved it.${more}`;
}

/** What became of a question, in a sentence. */
export function settledWords({ status, settledBy }: Pick<Schemas['ApprovalView'], 'status' | 'settledBy'>): string {
  const by = settledBy === null ? '' : ` by ${actorName(settledBy)}`;
  if (status === 'gone') return 'Nobody needs the answer any more.';
  return status === 'open' ? 'It is open.' : `It was ${DONE[status]}${by}, and that stands.`;
}

const DONE = {
  approve: 'approved',
  'request-changes': 'sent back for changes',
  reject: 'rejected',
  answer: 'answered',
} as const;

export const actorName = ({ type, id }: { readonly type: string; readonly id: string }): string => `${type}:${id}`;

/** What is sent: words that are only space are none. */
export function answerBody(
  decision: ApprovalAnswer,
  words: string,
  more: Pick<Schemas['ApprovalAnswerBody'], 'move' | 'output' | 'workspace'> = {},
): Schemas['ApprovalAnswerBody'] {
  const comment = words.trim();
  return { decision, ...(comment === '' ? {} : { comment }), ...more };
}

/** The one that is selected once this one is answered: the next, at the end the one before it. */
export function afterThis(ids: readonly string[], answered: string): string | undefined {
  const at = ids.indexOf(answered);
  return at === -1 ? ids[0] : (ids[at + 1] ?? ids[at - 1]);
}

/** The neighbour of what is selected; the first where nothing is. */
export function neighbour(ids: readonly string[], selected: string | undefined, step: 1 | -1): string | undefined {
  const at = selected === undefined ? -1 : ids.indexOf(selected);
  return at === -1 ? ids[0] : ids[Math.min(ids.length - 1, Math.max(0, at + step))];
}
