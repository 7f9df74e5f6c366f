import type { CallModel, ConnectedModel, Journal } from '@baton/llm';
import type { TaskKnowledge } from '../knowledge/task-knowledge.js';
import type { Ledger } from '../model/ledger.js';
import type { TaskServers } from '../servers/task-servers.js';
import type { Asking } from '../task/asking.js';

/** What a conversation needs of its task. */
export interface ConverseContext {
  /** Within the budget of the task, and not behind a journal: the conversation keeps its own. */
  readonly callModel: CallModel;
  readonly journal: Journal;
  /** How many tokens a model can hold; absent, or null, where nobody says. */
  readonly contextTokens?: ConnectedModel['contextTokens'] | undefined;
  readonly ledger: Ledger;
  /** Told of what was read of the documentation, now or in an earlier delivery. */
  readonly knowledge?: Pick<TaskKnowledge, 'add' | 'bytesOf'>;
  /** Told of each outcome of a tool, now or in an earlier delivery. */
  readonly servers?: Pick<TaskServers, 'note'>;
  /** Told of each call to the model, made or played. */
  readonly count: (isReplayed: boolean) => void;
  readonly asking: Asking;
  readonly now: () => Date;
  /** RFC 3339 instant after which nobody waits for the task; absent where there is none. */
  readonly deadline?: string;
  readonly signal: AbortSignal;
}
