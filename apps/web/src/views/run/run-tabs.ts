/** The parts of the page of a run, as the address names them. */
export const RUN_TABS = ['timeline', 'graph', 'events', 'decisions', 'code'] as const;
