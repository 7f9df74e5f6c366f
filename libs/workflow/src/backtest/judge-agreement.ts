import type { DecisionRecord } from '../decision-points/decision-record.js';

/** How well one judge, a variant of a template with a model, agrees with the deterministic tools. */
export interface JudgeAgreement {
  readonly template: string | null;
  /** Null where it is not on record. */
  readonly variant: string | null;
  readonly model: string | null;
  /** Verdicts on work that the tools looked at, too. */
  readonly n: number;
  /** The share of them that says what the tools say, 0 to 1. */
  readonly agreement: number;
  /** Cohen's κ; null where it is not defined, and then `kappaUndefined` says why. */
  readonly kappa: number | null;
  readonly kappaUndefined: string | null;
  /** The judge passes what a tool fails. */
  readonly falsePasses: number;
  /** The judge fails what every tool passes. */
  readonly falseAlarms: number;
}

/** The four cells: what the judge said, against what the tools said. */
export interface Verdicts {
  readonly bothPass: number;
  readonly bothFail: number;
  readonly falsePasses: number;
  readonly falseAlarms: number;
}

/**
 * Cohen's κ = (pₒ − pₑ) / (1 − pₑ): agreement beyond what chance gives, where pₒ is the share of verdicts that agree and
 * pₑ = P(judge passes)·P(tools pass) + P(judge fails)·P(tools fail). 1 is full agreement, 0 is what two coins of these
 * biases would reach, below 0 is less than that.
 * Source: J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20 (1960),
 * 37–46. With no verdict, or where pₑ is 1, it is 0/0: that is said in words.
 */
export function cohensKappa({ bothPass, bothFail, falsePasses, falseAlarms }: Verdicts): number | string {
  const n = bothPass + bothFail + falsePasses + falseAlarms;
  if (n === 0) return 'there is no verdict';
  const judgePasses = bothPass + falsePasses;
  const toolsPass = bothPass + falseAlarms;
  // In whole numbers, so that "chance explains everything" is exact: pₑ is 1 only where both always say the same one thing.
  const chance = judgePasses * toolsPass + (n - judgePasses) * (n - toolsPass);
  if (chance === n * n) {
    return `judge and tools ${judgePasses === 0 ? 'failed' : 'passed'} everything, so chance alone explains that they agree`;
  }
  return (n * (bothPass + bothFail) - chance) / (n * n - chance);
}

type Judged = Pick<DecisionRecord, 'facts'>;
type Judge = Pick<JudgeAgreement, 'template' | 'variant' | 'model'>;

const none: Verdicts = { bothPass: 0, bothFail: 0, falsePasses: 0, falseAlarms: 0 };

/** Counts verdicts as decisions come, so that a log of any length takes the memory of its judges. */
export class JudgeTally {
  readonly #counts = new Map<string, Judge & Verdicts>();

  /** A decision without judges, or at a point that knows no tools, says nothing about judges. */
  add({ facts }: Judged): void {
    if (facts === undefined || facts.failingTools === null) return;
    const toolsPass = facts.failingTools.length === 0;
    for (const { template, variant = null, model, passes } of facts.judges ?? []) {
      const key = JSON.stringify([template, variant, model]);
      const before = this.#counts.get(key) ?? { template, variant, model, ...none };
      const cell = cellOf(passes, toolsPass);
      this.#counts.set(key, { ...before, [cell]: before[cell] + 1 });
    }
  }

  /** Most verdicts first. */
  result(): readonly JudgeAgreement[] {
    return [...this.#counts.values()]
      .map(({ template, variant, model, ...verdicts }) => ({ template, variant, model, ...agreementOf(verdicts) }))
      .sort((a, b) => b.n - a.n || nameOf(a).localeCompare(nameOf(b)));
  }
}

const nameOf = ({ template, variant, model }: Judge): string => `${template ?? ''} ${variant ?? ''} ${model ?? ''}`;

function cellOf(judgePasses: boolean, toolsPass: boolean): keyof Verdicts {
  if (judgePasses) return toolsPass ? 'bothPass' : 'falsePasses';
  return toolsPass ? 'falseAlarms' : 'bothFail';
}

/** The figures of one judge. @param verdicts at least one */
export function agreementOf(verdicts: Verdicts): Omit<JudgeAgreement, keyof Judge> {
  const { bothPass, bothFail, falsePasses, falseAlarms } = verdicts;
  const n = bothPass + bothFail + falsePasses + falseAlarms;
  const kappa = cohensKappa(verdicts);
  return {
    n,
    agreement: (bothPass + bothFail) / n,
    kappa: typeof kappa === 'number' ? kappa : null,
    kappaUndefined: typeof kappa === 'string' ? kappa : null,
    falsePasses,
    falseAlarms,
  };
}
