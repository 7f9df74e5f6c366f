/** What is known of one state in a run. */
export interface StateMark {
  readonly status: 'done' | 'current' | 'failed' | 'cancelled';
  /** Quiet text beside it: attempts, rounds, items. */
  readonly notes: readonly string[];
}

export type StateMarks = ReadonlyMap<string, StateMark>;

export const MARK_WORDS: Readonly<Record<StateMark['status'], string>> = {
  done: 'done',
  current: 'now',
  failed: 'failed',
  cancelled: 'cancelled',
};

export const MARK_COLOURS: Readonly<Record<StateMark['status'], string>> = {
  done: 'border-good bg-good-soft',
  current: 'border-busy bg-busy-soft ring-2 ring-busy',
  failed: 'border-bad bg-bad-soft',
  cancelled: 'border-line bg-raised',
};
