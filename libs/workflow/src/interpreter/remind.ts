import type { CommandState } from '../state/run-state.js';
import { emit, type Turn } from './turn/turn.js';

/** What is due of an approval whose own time is not up: somebody is reminded, and others are asked. */
export function remind(turn: Turn, { visit, commandId, approval }: CommandState): void {
  if (approval === null) return;
  const isDue = (at: string | null): boolean => at !== null && turn.nowMs >= Date.parse(at);
  if (isDue(approval.remindAt)) emit(turn, { type: 'ApprovalReminded', data: { visit, commandId } });
  if (isDue(approval.escalateAt)) {
    const to = approval.policy.due?.escalateTo ?? [];
    emit(turn, { type: 'ApprovalEscalated', data: { visit, commandId, to } });
  }
}

/** Whether the time of a command is up, and not only that of a reminder. */
export const isTimeUp = ({ deadline }: Pick<CommandState, 'deadline'>, nowMs: number): boolean =>
  deadline !== null && nowMs >= Date.parse(deadline);
