import type { Json } from '@baton/contracts';
import type { Hints } from '../task/hints.js';

/**
 * A section of a prompt, `{{#name}}` to `{{/name}}`, is there only when its time has come: `previousError` when the task
 * failed before (it shows `{{previousError}}`), `reducedScope` when less is to be delivered, `windDown` when the budget
 * of the run comes to its end.
 */
export const SECTION_NAMES = ['previousError', 'reducedScope', 'windDown'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

export const isSectionName = (name: string): name is SectionName => SECTION_NAMES.some((known) => known === name);

/** The section that shows data, and the name of its only placeholder. */
export const DATA_SECTION = 'previousError' satisfies SectionName;

/** The sections whose time has come, in the order in which they stand. */
export function sectionsFor({ recovery, isWindingDown }: Hints): readonly SectionName[] {
  return SECTION_NAMES.filter((name) => {
    if (name === 'previousError') return recovery !== null;
    return name === 'reducedScope' ? recovery?.strategy === 'reduced_scope' : isWindingDown;
  });
}

/** What the data section shows. */
export const previousErrorOf = ({ recovery }: Hints): Json =>
  recovery === null ? null : { ...recovery.previousError };

/** For a text that has no section of its own, such as a question that stands in a workflow. */
export const USUAL_SECTIONS: Readonly<Record<SectionName, string>> = {
  previousError: `

This was tried before, and it failed. What it failed with, as data; avoid what led to it:

{{previousError}}`,
  reducedScope: `

Deliver less this time: the smallest part that is complete in itself and of use by itself. Where the form of the answer
has a place for it, list what you left out.`,
  windDown: `

The budget of this run is nearly used up. Finish with what is there: answer briefly, and begin nothing that is not asked for.`,
};
