import type { ApprovalAnswer } from '@baton/contracts';
import type { Question } from '../decision-points/question.js';

/**
 * Why a question about a decision cannot be answered so, or null. It is answered with one of its moves: whoever sends it
 * back, or names a move that was not offered, has not decided, and nothing may follow as if they had.
 * @param question null where an approval is no question about a decision: then any answer is one
 */
export function misfitOf(
  question: Question | null,
  { decision, move }: { readonly decision: ApprovalAnswer; readonly move?: string | undefined },
): { readonly code: 'no-such-answer' | 'no-such-move'; readonly reason: string } | null {
  if (question === null || question.asks !== 'person') return null;
  const offered = question.moves.map(({ id }) => id).filter((id) => id !== 'human');
  const choose = `approve it with one of ${offered.join(', ')}, or reject it`;
  if (decision === 'request-changes') {
    return { code: 'no-such-answer', reason: `a decision has nothing to change: ${choose}` };
  }
  if (move === undefined || offered.includes(move)) return null;
  return { code: 'no-such-move', reason: `it does not offer the move ${move}: ${choose}` };
}
