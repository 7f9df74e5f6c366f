/** Beside each other below the tab, as the address names them. */
export const CODE_PARTS = ['versions', 'changes', 'files', 'result', 'calls'] as const;

export type CodePart = (typeof CODE_PARTS)[number];
