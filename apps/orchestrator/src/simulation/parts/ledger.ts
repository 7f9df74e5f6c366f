import type { CommandId, Task } from '@baton/contracts';

/** What workers, people and the endpoint of the webhook saw, by which the log is judged. */
export class Ledger {
  /** Requests that were told to be accepted, with the run that they begin. */
  readonly accepted = new Map<string, string | null>();
  /** What the endpoint answered with success, by run and type: the ids of the notifications. */
  readonly heard = new Map<string, Set<string>>();

  /** @param isCommitted whether a command was ever written */
  constructor(
    private readonly isCommitted: (commandId: CommandId) => boolean,
    private readonly violated: (problem: string) => void,
  ) {}

  begun({ commandId }: Task): void {
    if (!this.isCommitted(commandId)) this.violated(`a worker worked on ${commandId}, which was never committed`);
  }

  hear(runId: string, type: string, id: string): void {
    const key = `${runId} ${type}`;
    const ids = this.heard.get(key) ?? new Set();
    ids.add(id);
    this.heard.set(key, ids);
  }
}
