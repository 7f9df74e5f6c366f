import type { InputOptions } from './run-input.js';
import type { RunOptions } from './run-options.js';
import type { WatchOptions } from './watch-options.js';
import type { WorkspaceOptions } from './workspace/submit-workspace.js';

/** What `run submit` is given. */
export interface SubmitOptions extends Omit<InputOptions, 'workflow'>, RunOptions, WatchOptions, WorkspaceOptions {
  /** `seven-step` where nothing says otherwise. */
  readonly workflow?: string;
  /** A run whose submission is taken over, but for what is said here. */
  readonly again?: string;
  readonly requestId?: string;
  readonly watch?: boolean;
  /** The lineage that the run lands on. */
  readonly shared?: string;
  /** What is wanted, in a sentence: a workflow is composed for it. */
  readonly goal?: string;
  /** What is composed runs unasked. */
  readonly yes?: boolean;
  /** Whoever submits the goal may not approve what is composed. */
  readonly anotherApproves?: boolean;
}
