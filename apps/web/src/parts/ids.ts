/** What somebody pasted, as far as its form says what it is of. */
export interface FoundId {
  /** `task`: a command of a run, which an approval is too. */
  readonly kind: 'run' | 'task';
  readonly id: string;
  readonly runId: string;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const WHOLE = new RegExp(`^(${UUID})(-[0-9]{1,9})?$`);
/** The beginning of an id as lists show it. Shorter ones, and those without a digit, may well be words. */
const SHORT = /^(?=.*\d)[0-9a-f]{8}(?:-[0-9a-f]{0,4}){0,4}$/;
const WITHIN = new RegExp(`/(?:runs|approvals)/(${UUID}(?:-[0-9]+)?)`);

/** Null where a text is no id, nor an address with one. */
export function idIn(text: string): FoundId | null {
  const lower = text.trim().toLowerCase();
  const given = WITHIN.exec(lower)?.[1] ?? lower;
  const [id, runId, number] = WHOLE.exec(given) ?? [];
  if (id !== undefined && runId !== undefined) return { kind: number === undefined ? 'run' : 'task', id, runId };
  return SHORT.test(given) ? { kind: 'run', id: given, runId: given } : null;
}
