import type { Finding } from './finding.js';
import type { QueryLanguage } from './machine.js';

/** What every check of a definition is given. */
export interface CheckContext {
  readonly report: (finding: Finding) => void;
  /** Reports an error that a run can do without: one that began before it was looked for goes on. */
  readonly reportRule: (finding: Finding) => void;
  /** Says what is wrong with the Resource of a Task, or null where nothing is. */
  readonly checkResource: (resource: string) => string | null;
  /** The same of the Resource that a Map reads its items from, or writes its results to. */
  readonly checkItemResource: (resource: string, of: 'ItemReader' | 'ResultWriter') => string | null;
  /** Checks a machine within a state; its query language is that of the machine around it unless it has its own. */
  readonly checkInnerMachine: (json: unknown, pointer: string, context: CheckContext) => void;
  /** The query language of the whole definition. */
  readonly rootLanguage: QueryLanguage;
  /** The query language of the machine that is checked: what states and machines in it have by default. */
  readonly machineLanguage: QueryLanguage;
  /** The query language of what is checked. */
  readonly language: QueryLanguage;
}
