import { modeOfRun } from '../../decision-points/mode-of-run.js';
import type { VisitState } from '../../state/run-state.js';
import { evaluateIn } from '../data/evaluation.js';
import type { Turn } from '../turn/turn.js';
import type { Proposal } from './record-decision.js';

/**
 * Where the document says that nobody may be asked, no advice brings a person in: what the rule does is left, also where that
 * asks one, since its author wrote it. In a mode in which nobody advises there is nothing to keep off.
 */
export async function withoutPersons(turn: Turn, visit: VisitState, proposal: Proposal): Promise<Proposal> {
  const { moves, rule, blocked, forPerson } = proposal;
  if (forPerson !== undefined || modeOfRun(turn.run) === 'programmatic') return proposal;
  if (await mayAskPersons(turn, visit)) return proposal;
  const asks = moves.filter(({ id, actionType }) => actionType === 'request_human' && id !== rule.id);
  return {
    ...proposal,
    moves: moves.filter((move) => !asks.includes(move)),
    blocked: [...blocked, ...asks.map((move) => ({ move, reason: NOBODY }))],
  };
}

const NOBODY = 'nobody may be asked in this run';

/** An expression that fails permits none, as for the questions of tasks. */
async function mayAskPersons(turn: Turn, visit: VisitState): Promise<boolean> {
  const { questions } = turn.run.document;
  if (questions === 'none') return false;
  if (questions?.when === undefined) return true;
  const may = await evaluateIn(turn, visit, 'questions.when', questions.when);
  return may.ok && may.value === true;
}
