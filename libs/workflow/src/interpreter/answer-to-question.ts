import type { ApprovalAnswer, HandIn, Json } from '@baton/contracts';
import type { VisitState } from '../state/run-state.js';
import { isDoneByHand } from '../state/visit-hand-in.js';

/**
 * Why a question cannot be answered so, or null. A decision is answered with one of its moves, and the question of a task with
 * words: whoever sends it back, or names a move that was not offered, has answered nothing, and nothing may follow as if they
 * had.
 */
export function misfitOf(
  visit: Pick<VisitState, 'question' | 'conversation' | 'handIn'> | undefined,
  answer: Answer,
): { readonly code: 'no-such-answer' | 'no-such-move'; readonly reason: string } | null {
  const { decision, move, comment } = answer;
  if (visit !== undefined && isDoneByHand(visit)) return misfitOfWork(answer);
  if (answer.output !== undefined || answer.workspace !== undefined) {
    return { code: 'no-such-answer', reason: 'it does not wait for work that is done by hand' };
  }
  if (visit?.conversation?.answer === null) return misfitOfWords(decision, move, comment);
  if (decision === 'answer') {
    return { code: 'no-such-answer', reason: 'it asks for a decision and not for words: approve it, or reject it' };
  }
  const { question = null } = visit ?? {};
  if (question === null || question.asks !== 'person') return null;
  const offered = question.moves.map(({ id }) => id).filter((id) => id !== 'human');
  const choose = `approve it with one of ${offered.join(', ')}, or reject it`;
  if (decision === 'request-changes') {
    return { code: 'no-such-answer', reason: `a decision has nothing to change: ${choose}` };
  }
  if (move === undefined || offered.includes(move)) return null;
  return { code: 'no-such-move', reason: `it does not offer the move ${move}: ${choose}` };
}

interface Answer {
  readonly decision: ApprovalAnswer;
  readonly move?: string | undefined;
  readonly comment: string;
  readonly output?: Json | undefined;
  readonly workspace?: HandIn['workspace'] | undefined;
}

function misfitOfWork({ decision, move, output, workspace }: Answer): ReturnType<typeof misfitOf> {
  if (move !== undefined) return { code: 'no-such-move', reason: 'it offers no moves: the work itself is its answer' };
  if (decision === 'reject') return null;
  if (decision === 'answer' && (output !== undefined || workspace !== undefined)) return null;
  const reason = 'it waits for work that is done by hand: answer it with an output or a workspace, or reject it';
  return { code: 'no-such-answer', reason };
}

function misfitOfWords(
  decision: ApprovalAnswer,
  move: string | undefined,
  comment: string,
): ReturnType<typeof misfitOf> {
  if (move !== undefined) return { code: 'no-such-move', reason: 'it offers no moves: its answer is in the comment' };
  if (decision === 'reject') return null;
  if (decision === 'answer' && comment.trim() !== '') return null;
  return { code: 'no-such-answer', reason: 'a task asks: answer it in words, or reject it where nobody will' };
}
