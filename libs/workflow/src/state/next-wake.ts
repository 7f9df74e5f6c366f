import type { CommandState } from './run-state.js';

/** When a command has to be looked at next: at its deadline, or when somebody is to be reminded or asked before. */
export function nextWake({ deadline, approval }: Pick<CommandState, 'deadline' | 'approval'>): string | null {
  const instants = [deadline, approval?.remindAt ?? null, approval?.escalateAt ?? null].filter((at) => at !== null);
  return instants.reduce<string | null>((first, at) => (first === null || isBefore(at, first) ? at : first), null);
}

const isBefore = (a: string, b: string): boolean => Date.parse(a) < Date.parse(b);
