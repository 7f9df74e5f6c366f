import type { Attempt, AttemptStatus } from '../story/story.js';
import type { GroupCounts } from './rows.js';

/** How bars look. Colour says what became of something; hatched is a person's time, thin is a wait. */

const WORK: Readonly<Record<AttemptStatus, string>> = {
  open: 'bg-busy',
  succeeded: 'bg-good',
  failed: 'bg-bad',
  'timed-out': 'bg-bad',
  cancelled: 'bg-quiet',
  asked: 'bg-warn',
};

const hatched = (colour: string, ground: string): string =>
  `repeating-linear-gradient(135deg, var(--${colour}) 0 2px, var(--${ground}) 2px 7px)`;

export interface Look {
  readonly className: string;
  readonly backgroundImage?: string;
}

export function lookOf({ kind, status }: Pick<Attempt, 'kind' | 'status'>): Look {
  switch (kind) {
    case 'person': {
      const colour = status === 'failed' ? 'bad' : status === 'succeeded' ? 'good' : 'warn';
      return { className: 'h-4 border border-line', backgroundImage: hatched(colour, `${colour}-soft`) };
    }
    case 'timer':
    case 'signal':
      return { className: `h-1 ${status === 'open' ? 'bg-warn' : 'bg-quiet'}` };
    case 'run':
      return { className: `h-3 ${WORK[status]}` };
    default:
      return { className: `h-4 ${WORK[status]}` };
  }
}

export const groupLook = ({ failed, running }: GroupCounts, isOver: boolean): string =>
  failed > 0 ? 'bg-bad' : running > 0 && !isOver ? 'bg-busy' : 'bg-quiet';
