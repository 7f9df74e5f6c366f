import { z } from 'zod';
import { RunId } from './ids.js';
import { JsonObject } from './json.js';

/** Where a figure lies, at 95 %. */
const Interval = z.object({ low: z.number(), high: z.number() });

/** So many of so many, and where the share lies. */
const CountedShare = z.object({ count: z.int(), of: z.int(), share: z.number(), interval: Interval });
export type CountedShare = z.infer<typeof CountedShare>;

/** A mean, with its interval; `n` is how many it is made of. */
const Estimate = z.object({ mean: z.number(), interval: Interval.nullable(), n: z.int() });
export type Estimate = z.infer<typeof Estimate>;

/** What was looked at: decisions made from `since` to `until`, and runs begun then. */
const LogWindow = z.object({
  workflow: z.string().nullable(),
  /** RFC 3339; null: from the beginning. */
  since: z.string().nullable(),
  until: z.string(),
  /** Runs with a decision in it, and their decisions. */
  runs: z.int(),
  decisions: z.int(),
  /** Runs whose whole logs were read. */
  runsRead: z.int(),
  /** There are older runs, which were left out: more were asked for than are looked at. */
  isCut: z.boolean(),
});
export type LogWindow = z.infer<typeof LogWindow>;

/** Where something can be looked up: a run, an event of it, a decision. */
const Example = z.object({ runId: RunId, version: z.int().nullable(), decisionId: z.string().nullable() });
export type Example = z.infer<typeof Example>;

const RecommendationKind = z.enum([
  'threshold-idle',
  'threshold-decides-all',
  'judge-passes-failures',
  'score-against-ratings',
  'cheaper-model',
  'retries-never-help',
  'rule-overruled',
]);

/** What is to be changed, exactly: in the workflow's document, as an operation of JSON Patch, or in how services are set up. */
const Change = z.discriminatedUnion('in', [
  z.object({
    in: z.literal('workflow'),
    workflow: z.string(),
    /** Of the document that the path is about. */
    version: z.string(),
    op: z.enum(['add', 'replace', 'remove']),
    path: z.string(),
    value: z.unknown().optional(),
  }),
  z.object({ in: z.literal('setting'), name: z.string(), value: z.string() }),
]);
export type Change = z.infer<typeof Change>;

/** What the policy would have changed in the recorded runs of the scope: what `POST /v1/decisions/backtest` says of it. */
const PolicyTried = z.object({
  workflow: z.string(),
  since: z.string().nullable(),
  until: z.string(),
  runs: z.int(),
  decisions: z.int(),
  counts: z.record(z.string(), z.int()),
  /** Decisions after which something else would have been done, and those of them that come before any other of their run. */
  differing: z.int(),
  first: z.int(),
});
export type PolicyTried = z.infer<typeof PolicyTried>;

/** Something that the log says would be better otherwise, with all that it is said for. */
export const Recommendation = z.object({
  /** Of its kind and subject: the same as long as the log says so. */
  id: z.string(),
  kind: RecommendationKind,
  /** What it is about, as `{ workflow, dimension }`. */
  subject: z.record(z.string(), z.string()),
  title: z.string(),
  /** The figures in a sentence or two. */
  why: z.string(),
  evidence: z.object({
    /** The sample: decisions, verdicts, runs or retries. */
    n: z.int(),
    counts: z.record(z.string(), z.number()),
    share: CountedShare.nullable(),
    /** Whom nobody drew by lot. Null where nothing is compared between runs. */
    observational: z.object({ runs: z.int(), notAtRandom: z.int(), ofEvaluations: z.int() }).nullable(),
    examples: z.array(Example),
  }),
  /** What it would save; null where the log does not say. */
  effect: z.object({
    per: z.enum(['run', 'decision', 'retry']),
    costUsd: Estimate.nullable(),
    ms: Estimate.nullable(),
    text: z.string(),
  }),
  /** 0 to 1: of such cases it holds in this share at least, at 95 %. */
  confidence: z.number().min(0).max(1),
  /** As `baton decisions backtest --policy` takes it; null where it is not about decisions. */
  policy: JsonObject.nullable(),
  change: Change.nullable(),
  backtest: PolicyTried.nullable(),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** `GET /v1/recommendations`. */
export const RecommendationReport = z.object({
  window: LogWindow,
  recommendations: z.array(Recommendation),
  /** What each kind looked at, also where nothing came of it. */
  looked: z.array(
    z.object({
      kind: RecommendationKind,
      /** What a subject is, as `thresholds`. */
      what: z.string(),
      looked: z.int(),
      tooFew: z.int(),
      /** How many each needs. */
      least: z.int(),
      /** What else there is to say. */
      note: z.string(),
    }),
  ),
});
export type RecommendationReport = z.infer<typeof RecommendationReport>;

/** What goes with the rule being overruled. */
export const DecisionPattern = z.object({
  /** One fact, or two that hold together. */
  facts: z.array(z.string()).min(1).max(2),
  /** Decisions with it, and without it, of those at which somebody beside the rule was heard. */
  withFacts: CountedShare,
  without: CountedShare.nullable(),
  /** How many times as often as over all. */
  lift: z.number(),
  oddsRatio: z.number(),
  interval: Interval,
  /** That chance alone gives as much: Fisher's exact test, and after Benjamini and Hochberg over all that was tested. */
  p: z.number(),
  q: z.number(),
  examples: z.array(Example),
});
export type DecisionPattern = z.infer<typeof DecisionPattern>;

/** `GET /v1/decisions/patterns`. */
export const PatternReport = z.object({
  window: LogWindow,
  /** Decisions at which an advisor or a person was heard, and how many of them went against the rule. */
  overrides: CountedShare.nullable(),
  bySource: z.record(z.string(), z.int()),
  /** Those whose q is at most `level`, the surest first, then the others as far as they are shown. */
  patterns: z.array(DecisionPattern),
  tested: z.int(),
  tooFew: z.int(),
  leftOff: z.int(),
  /** How many decisions with it, and without it, a fact needs. */
  least: z.int(),
  level: z.number(),
});
export type PatternReport = z.infer<typeof PatternReport>;
