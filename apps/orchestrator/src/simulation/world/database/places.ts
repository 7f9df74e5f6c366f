import { type Actor, personOf } from '@baton/contracts';

/** Caps on what is under way at once, as the owner says them; null: none of this kind. */
export interface Caps {
  readonly atOnce: number | null;
  readonly perSubmitter: number | null;
  readonly perWorkflow: number | null;
}

/** Whose run it is, and of what. */
export interface PlaceFacts {
  readonly submitter: string;
  readonly workflow: string;
}

/** A request whose run waits for a place. */
export interface WaitingRow extends PlaceFacts {
  readonly requestId: string;
  readonly runId: string;
  readonly priority: number;
  /** The least has waited longest. */
  readonly since: number;
  tries: number;
}

interface Said {
  readonly submittedBy?: Actor;
  readonly workflow?: { readonly name?: string };
}

/** The events with which a run takes a place, or would. */
export const BEGINNINGS: ReadonlySet<string> = new Set(['RunStarted', 'RunForked', 'RunRetried']);

export function placeFacts({ type, data }: { readonly type: string; readonly data: string }): PlaceFacts {
  const read = JSON.parse(data) as Said & { readonly carry?: { readonly state?: Said } };
  const { submittedBy, workflow } = type === 'RunStarted' ? read : (read.carry?.state ?? {});
  return { submitter: submittedBy === undefined ? '' : personOf(submittedBy), workflow: workflow?.name ?? '' };
}

/** The caps that a run stands before, and how much each allows, by their names. */
export function capsOf(caps: Caps | null, { submitter, workflow }: PlaceFacts): ReadonlyMap<string, number> {
  const all: readonly (readonly [string, number | null | undefined])[] = [
    ['all runs', caps?.atOnce],
    [`submitter ${submitter}`, caps?.perSubmitter],
    [`workflow ${workflow}`, caps?.perWorkflow],
  ];
  return new Map(all.flatMap(([key, most]) => (most === null || most === undefined ? [] : [[key, most] as const])));
}

/** The rows of places and of the line, as far as they are more than what is asked of them. */
export class Places {
  caps: Caps | null = null;
  /** Runs that are under way and that nobody's run asked for: kept where there are caps. */
  readonly taken = new Map<string, PlaceFacts>();
  readonly waiting = new Map<string, WaitingRow>();
  #arrivals = 0;

  arrived(row: Omit<WaitingRow, 'since' | 'tries'>): void {
    if (this.waiting.has(row.requestId)) return;
    this.#arrivals += 1;
    this.waiting.set(row.requestId, { ...row, since: this.#arrivals, tries: 0 });
  }

  /** How many have a place of a cap. */
  underWay(key: string): number {
    return [...this.taken.values()].filter((facts) => capsOf(this.caps, facts).has(key)).length;
  }

  /** With the lock of the log: what is under way gets its places anew. */
  setCaps(caps: Caps | null, underWay: Iterable<readonly [string, PlaceFacts]>): void {
    this.caps = caps;
    this.taken.clear();
    if (caps !== null) for (const [runId, facts] of underWay) this.taken.set(runId, facts);
  }
}
