import { z } from 'zod';
import { RunId } from './ids.js';

/**
 * What of a run can be unusual: how long it took (ms), what it cost (dollars), how often its phases were gone through, its lowest
 * score in the last round, how often a judge and the tools differed, and how many attempts failed.
 */
export const RunMeasure = z.enum(['duration', 'cost', 'rounds', 'score', 'disagreement', 'errors']);
export type RunMeasure = z.infer<typeof RunMeasure>;

/** Of a run, or of a workflow whose runs fail more often of late: it stands with the one whose failure made that plain. */
export const AnomalyMeasure = z.enum([...RunMeasure.options, 'failures']);
export type AnomalyMeasure = z.infer<typeof AnomalyMeasure>;

/** Something of a run, or of the newest runs, that lies outside of what runs of the workflow were before. */
export const Anomaly = z.object({
  measure: AnomalyMeasure,
  direction: z.enum(['high', 'low']),
  /** Of failures: the share that failed of the newest runs. */
  value: z.number(),
  /** How many runs the value is of, where it is not of one alone. */
  windowSize: z.int().nullable().default(null),
  /** In the middle of the runs before; of failures: the share of them that failed. */
  median: z.number(),
  /** How many usual deviations it lies from there. */
  deviations: z.number(),
  sampleSize: z.int(),
  /** At most such a share of usual runs is taken for unusual in this measure and direction. */
  falseAlarmRate: z.number(),
});
export type Anomaly = z.infer<typeof Anomaly>;

/** Gateways may be newer than whoever reads, and find what it does not know: that is left out, and what it does know is told. */
export const isKnownMeasure = (measure: string): measure is AnomalyMeasure => AnomalyMeasure.safeParse(measure).success;

/** An anomaly with the run that it is of. */
export const AnomalyView = z.object({
  ...Anomaly.shape,
  /** This and the next three are null where they are made of runs that the caller may not see. */
  median: Anomaly.shape.median.nullable(),
  deviations: Anomaly.shape.deviations.nullable(),
  sampleSize: Anomaly.shape.sampleSize.nullable(),
  falseAlarmRate: Anomaly.shape.falseAlarmRate.nullable(),
  runId: RunId,
  workflow: z.string(),
  workflowVersion: z.string(),
  /** When the run ended, and where that is in the log. */
  at: z.string(),
  position: z.int(),
});
export type AnomalyView = z.infer<typeof AnomalyView>;

/** `GET /v1/anomalies`: newest first; `next` is the cursor of the following page. */
export const AnomalyList = z.object({ anomalies: z.array(AnomalyView), next: z.string().nullable() });
export type AnomalyList = z.infer<typeof AnomalyList>;
