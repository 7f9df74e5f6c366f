import type { DecisionPattern, Example, PatternReport } from '@baton/contracts';
import type { RecordedDecision } from '@baton/read-model';
import { factsOf } from './facts/facts-of.js';
import { heardAt } from './facts/heard.js';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.js';
import { fisherExact, oddsRatio, type Table } from './statistics/fisher.js';
import { shareOf } from './statistics/share.js';

/** So many decisions with a fact, and so many without it: with fewer even what is sure looks like chance. */
export const LEAST_WITH_FACT = 10;
/** Whoever believes what is shown as sure is wrong in so many of it, on average. */
const FALSE_DISCOVERIES = 0.05;
/** Facts that are told apart; those that come later are left out, and counted. */
const MOST_FACTS = 300;
const MOST_SHOWN = 100;
/** Also those that chance may well give, so that one sees what was looked at. */
const FEWEST_SHOWN = 20;
const MOST_EXAMPLES = 3;

interface Counted {
  readonly facts: readonly [string] | readonly [string, string];
  n: number;
  overrides: number;
  readonly examples: Example[];
}

/** Counts which facts go with the rule being overruled, as decisions come: its memory is that of the facts there are. */
export class PatternTally {
  readonly #counts = new Map<string, Counted>();
  readonly #facts = new Set<string>();
  readonly #leftOff = new Set<string>();
  readonly #bySource = new Map<string, number>();
  #heard = 0;
  #overrides = 0;

  add(decision: RecordedDecision): void {
    const heard = heardAt(decision);
    if (heard === null) return;
    this.#heard += 1;
    this.#overrides += heard.isOverruled ? 1 : 0;
    if (heard.isOverruled) this.#bySource.set(heard.by, (this.#bySource.get(heard.by) ?? 0) + 1);
    const known = factsOf(decision.record)
      .filter((fact) => this.#isKnown(fact))
      .toSorted();
    const { runId, version, record } = decision;
    const example = heard.isOverruled ? { runId, version, decisionId: record.decisionId } : null;
    for (const [at, fact] of known.entries()) {
      this.#count([fact], example);
      for (const other of known.slice(at + 1)) this.#count([fact, other], example);
    }
  }

  #isKnown(fact: string): boolean {
    if (this.#facts.has(fact)) return true;
    if (this.#facts.size < MOST_FACTS) return this.#facts.add(fact) !== undefined;
    // To say that there were some is enough.
    if (this.#leftOff.size < MOST_FACTS) this.#leftOff.add(fact);
    return false;
  }

  #count(facts: Counted['facts'], example: Example | null): void {
    const key = JSON.stringify(facts);
    const counted = this.#counts.get(key) ?? { facts, n: 0, overrides: 0, examples: [] };
    this.#counts.set(key, counted);
    counted.n += 1;
    if (example === null) return;
    counted.overrides += 1;
    if (counted.examples.length < MOST_EXAMPLES) counted.examples.push(example);
  }

  result(): Omit<PatternReport, 'window'> {
    const all = [...this.#counts.values()];
    const enough = all.filter(({ n }) => n >= LEAST_WITH_FACT && this.#heard - n >= LEAST_WITH_FACT);
    // Where the rule is never overruled, or always, nothing goes with it.
    const hasBoth = this.#overrides > 0 && this.#overrides < this.#heard;
    const tested = hasBoth ? enough.filter((counted) => !this.#saysNoMore(counted)) : [];
    const tables = tested.map((counted) => this.#tableOf(counted));
    const ps = tables.map(fisherExact);
    const qs = benjaminiHochberg(ps);
    const patterns = tested
      .map((counted, index) => this.#patternOf(counted, tables[index], ps[index] ?? 1, qs[index] ?? 1))
      .toSorted((one, other) => one.q - other.q || one.p - other.p || other.lift - one.lift);
    const sure = patterns.filter(({ q }) => q <= FALSE_DISCOVERIES).length;
    const shown = patterns.slice(0, Math.min(MOST_SHOWN, Math.max(sure, FEWEST_SHOWN)));
    return {
      overrides: this.#heard === 0 ? null : shareOf(this.#overrides, this.#heard),
      bySource: Object.fromEntries(this.#bySource),
      patterns: shown,
      tested: tested.length,
      // A fact of all decisions has nothing to be held against, and is not what there are too few of.
      tooFew: all.filter(({ facts, n }) => facts.length === 1 && Math.min(n, this.#heard - n) < LEAST_WITH_FACT).length,
      leftOff: patterns.length - shown.length + this.#leftOff.size,
      least: LEAST_WITH_FACT,
      level: FALSE_DISCOVERIES,
    };
  }

  /** Of a pair that holds wherever one of the two does: that one says it by itself. */
  #saysNoMore({ facts, n }: Counted): boolean {
    return facts.length === 2 && facts.some((fact) => this.#counts.get(JSON.stringify([fact]))?.n === n);
  }

  #tableOf({ n, overrides }: Counted): Table {
    const c = this.#overrides - overrides;
    return { a: overrides, b: n - overrides, c, d: this.#heard - n - c };
  }

  #patternOf({ facts, examples }: Counted, table: Table | undefined, p: number, q: number): DecisionPattern {
    const { a, b, c, d } = table ?? { a: 0, b: 0, c: 0, d: 0 };
    const { ratio, low, high } = oddsRatio({ a, b, c, d });
    return {
      facts: [...facts],
      withFacts: shareOf(a, a + b),
      without: shareOf(c, c + d),
      lift: this.#overrides === 0 ? 1 : a / (a + b) / (this.#overrides / this.#heard),
      ...{ oddsRatio: ratio, interval: { low, high }, p, q, examples },
    };
  }
}
