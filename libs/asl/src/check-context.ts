import type { Finding } from './finding.js';

/** What every check of a definition is given. */
export interface CheckContext {
  readonly report: (finding: Finding) => void;
  /** Says what is wrong with the Resource of a Task, or null where nothing is. */
  readonly checkResource: (resource: string) => string | null;
  /** Checks a machine within a state; `inherited` is the query language around it. */
  readonly checkInnerMachine: (json: unknown, pointer: string, inherited: string) => void;
}
