import type { Actor } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';

/** What a run was begun as, which never changes. */
export interface RunOrigin {
  readonly workflow: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly submittedBy: Actor;
}

const MOST_REMEMBERED = 10_000;

/**
 * Of a run, from the log itself: views are folded behind it, and a filter must not miss the first events of a run because of
 * that. Null where its first event does not say.
 */
export class RunOrigins {
  readonly #known = new Map<string, RunOrigin | null>();

  constructor(private readonly pool: Pool) {}

  async of(runId: string): Promise<RunOrigin | null> {
    const known = this.#known.get(runId);
    if (known !== undefined) return known;
    const [first] = await readStream(this.pool, runId, { fromVersion: 1, toVersion: 1 });
    // It goes to an archive just now, and may come back.
    if (first === undefined) return null;
    const origin = originIn(readEvent(first));
    this.#known.set(runId, origin);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return origin;
  }
}

function originIn(event: ReturnType<typeof readEvent>): RunOrigin | null {
  switch (event.type) {
    case 'RunStarted': {
      const { workflow, labels, submittedBy } = event.data;
      return { workflow: workflow.name, labels, submittedBy };
    }
    case 'RunForked': {
      const { workflow, labels, submittedBy } = event.data.carry.state;
      return { workflow: workflow.name, labels, submittedBy };
    }
    default:
      return null;
  }
}
