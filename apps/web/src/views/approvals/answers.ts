import { type ApprovalAnswer, type Asked } from '@baton/contracts';
import type { Schemas } from '../../api/api.js';

/** One of the answers that fit a question. */
export interface Answer {
  readonly decision: ApprovalAnswer;
  readonly title: string;
  /** What it is called where it was given. */
  readonly done: string;
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
  done: 'approved',
  key: 'a',
  words: 'optional',
  label: 'Comment',
  effect: 'The run goes on with what is shown here, once all who have to have approved it.',
};
const CHANGE: Answer = {
  decision: 'request-changes',
  title: 'Request changes',
  done: 'sent back for changes',
  key: 'c',
  words: 'required',
  label: 'What is to be changed',
  effect: 'It goes back with your words, and you are asked again about what comes of them.',
};
const REJECT: Answer = {
  decision: 'reject',
  title: 'Reject',
  done: 'rejected',
  key: 'x',
  words: 'required',
  label: 'Reason',
  effect: 'The state fails with Baton.Rejected, and so does the run where nothing catches that.',
};
const SAY: Answer = {
  decision: 'answer',
  title: 'Answer',
  done: 'answered',
  key: 'a',
  words: 'required',
  label: 'Your answer',
  effect: 'The task goes on where it asked, with your answer.',
};
const HAND_IN: Answer = {
  decision: 'answer',
  title: 'Hand in the work',
  done: 'handed in',
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
