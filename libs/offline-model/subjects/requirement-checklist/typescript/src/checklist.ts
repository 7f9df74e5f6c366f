import type { Requirement } from './requirements.ts';

/** What somebody found out about a requirement. Without evidence it is `unchecked`. */
export type Verdict = 'met' | 'not-met' | 'unchecked';

export interface Evidence {
  readonly id: string;
  readonly verdict: 'met' | 'not-met';
  /** How it was found out: a test, a measurement, a person. */
  readonly note: string;
}

export interface CheckedRequirement extends Requirement {
  readonly verdict: Verdict;
  readonly note: string;
}

export interface Progress {
  readonly total: number;
  readonly met: number;
  readonly notMet: number;
  readonly unchecked: number;
  /** Everything is met, apart from what only may be done. */
  readonly isAccepted: boolean;
}

export type ErrorCode = 'not-json' | 'not-a-list' | 'bad-entry' | 'unknown-id' | 'repeated-id';

/** What is wrong with the evidence, in one sentence. */
export class ChecklistError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'ChecklistError';
    this.code = code;
  }
}

/** Reads evidence from JSON text: a list of `{ id, verdict, note }`. Throws ChecklistError. */
export function readEvidence(text: string, requirements: readonly Requirement[]): readonly Evidence[] {
  const entries = parseList(text);
  const known = new Set(requirements.map(({ id }) => id));
  const seen = new Set<string>();
  return entries.map((entry, index) => {
    const evidence = parseEntry(entry, index + 1);
    if (!known.has(evidence.id)) {
      throw new ChecklistError('unknown-id', `Entry ${index + 1}: there is no requirement ${evidence.id}.`);
    }
    if (seen.has(evidence.id)) {
      throw new ChecklistError('repeated-id', `Entry ${index + 1}: ${evidence.id} was given before.`);
    }
    seen.add(evidence.id);
    return evidence;
  });
}

function parseList(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ChecklistError('not-json', 'The evidence is not JSON.');
  }
  if (!Array.isArray(value)) throw new ChecklistError('not-a-list', 'The evidence is not a list.');
  return value;
}

function parseEntry(entry: unknown, place: number): Evidence {
  if (typeof entry !== 'object' || entry === null) {
    throw new ChecklistError('bad-entry', `Entry ${place} is not an object.`);
  }
  const { id, verdict, note } = entry as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string') throw new ChecklistError('bad-entry', `Entry ${place} has no id.`);
  if (verdict !== 'met' && verdict !== 'not-met') {
    throw new ChecklistError('bad-entry', `Entry ${place}: verdict must be "met" or "not-met".`);
  }
  if (typeof note !== 'string' || note.trim() === '') {
    throw new ChecklistError('bad-entry', `Entry ${place}: note must say how it was found out.`);
  }
  return { id, verdict, note };
}

/** Every requirement with its verdict, in the order of the requirements. */
export function checked(
  requirements: readonly Requirement[],
  evidence: readonly Evidence[],
): readonly CheckedRequirement[] {
  return requirements.map((requirement) => {
    const found = evidence.find(({ id }) => id === requirement.id);
    return { ...requirement, verdict: found?.verdict ?? 'unchecked', note: found?.note ?? '' };
  });
}

export function progress(list: readonly CheckedRequirement[]): Progress {
  const count = (verdict: Verdict) => list.filter((requirement) => requirement.verdict === verdict).length;
  return {
    total: list.length,
    met: count('met'),
    notMet: count('not-met'),
    unchecked: count('unchecked'),
    isAccepted: list.every(({ verdict, force }) => verdict === 'met' || force === 'may'),
  };
}

/** The requirements whose text or section has every one of the words, in any case. */
export function search(requirements: readonly Requirement[], words: string): readonly Requirement[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return requirements.filter(({ section, text }) => {
    const place = `${section} ${text}`.toLowerCase();
    return wanted.every((word) => place.includes(word));
  });
}

const MARK = { met: 'x', 'not-met': '!', unchecked: ' ' } as const;

/** The checklist as Markdown. */
export function report(title: string, list: readonly CheckedRequirement[]): string {
  const { total, met, notMet, unchecked, isAccepted } = progress(list);
  const lines = list.map(({ id, text, verdict, note }) => `- [${MARK[verdict]}] ${id} ${text}${note && ` (${note})`}`);
  return [
    `# ${title}`,
    '',
    ...lines,
    '',
    `${met} of ${total} met, ${notMet} not met, ${unchecked} unchecked: ${isAccepted ? 'accepted' : 'not accepted'}.`,
    '',
  ].join('\n');
}
