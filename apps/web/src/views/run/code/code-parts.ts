/** Beside each other below the tab; which is looked at is remembered while the tab is open. */
export const CODE_PARTS = ['versions', 'files', 'result', 'calls'] as const;

export type CodePart = (typeof CODE_PARTS)[number];
