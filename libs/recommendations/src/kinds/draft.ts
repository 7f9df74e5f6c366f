import type { Change, Estimate, Example, PolicyTried, Recommendation, RecommendationReport } from '@baton/contracts';
import type { DecisionPolicy, WorkflowDocument } from '@baton/workflow';

/** What a kind says once its policy was tried; what all kinds say alike is added to it. */
type Said = Omit<Recommendation, 'id' | 'kind' | 'subject' | 'policy' | 'change' | 'backtest'>;

/** What a round costs that would not have been; null where nobody knows. */
export interface Saved {
  readonly costUsd: Estimate | null;
  readonly ms: Estimate | null;
}

/** Something that may be recommended, before its policy was tried on the recorded runs. */
export interface Draft {
  readonly kind: Recommendation['kind'];
  /** Names its workflow, beside what it is about. */
  readonly subject: Recommendation['subject'] & { readonly workflow: string };
  readonly policy: DecisionPolicy | null;
  /** The rounds that the policy would have spared are to be added up. */
  readonly sparesRounds: boolean;
  /** @returns null where it does not hold, and is not recommended */
  say(tried: PolicyTried | null, saved: Saved): Said | null;
  /** What is recommended where this does not hold. */
  readonly otherwise?: Draft | undefined;
  /** Whether the document is as it is recommended to be; then nothing is. */
  isDone?(document: WorkflowDocument): boolean;
  /** The exact change of the document that runs were last started with. */
  changeOf(document: WorkflowDocument): Change | null;
}

type Looked = RecommendationReport['looked'][number];

/** What a kind found, and what it looked at. */
export interface Found {
  readonly drafts: readonly Draft[];
  readonly looked: Looked;
}

const MOST_EXAMPLES = 5;

/** Adds to examples that are no more than a few. */
export function keepExample(examples: Example[], example: Example): void {
  if (examples.length < MOST_EXAMPLES) examples.push(example);
}

export const noEffect = { costUsd: null, ms: null } as const;

/** A key of what belongs together, and the row of it, made where there is none. */
export function rowOf<Row>(rows: Map<string, Row>, key: readonly unknown[], make: () => Row): Row {
  const text = JSON.stringify(key);
  const known = rows.get(text);
  if (known !== undefined) return known;
  const made = make();
  rows.set(text, made);
  return made;
}
