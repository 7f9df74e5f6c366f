import type { Schemas } from '../../api/api.js';

/** The parts of the page of a run, as the address names them. */
export const RUN_TABS = ['timeline', 'graph', 'events', 'decisions', 'code'] as const;

export type RunTab = (typeof RUN_TABS)[number];

export interface TabProps {
  readonly run: Schemas['RunDetail'];
}
