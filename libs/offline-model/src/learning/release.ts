import { z } from 'zod';
import { percent } from './count.js';
import { AnyModel, columnsOf, DataReport, Judgement, labelsOf, Measured, wordsOf } from './shapes.js';

const FEW_CHECKS = 20;

export const JudgeModel = z.object({ goal: z.string(), model: AnyModel, measured: Measured, data: DataReport });

/** Whether what was measured can be believed, by the numbers alone. */
export function judgeModel({ model, measured, data }: z.infer<typeof JudgeModel>): z.infer<typeof Judgement> {
  const { checked, right, accuracy, baseline } = measured;
  const predicted = measured.predicted ?? labelsOf(model);
  const labels = data.classes.map(({ label }) => label);
  const never = predicted === null ? [] : labels.filter((label) => !predicted.includes(label));
  const isBetter = accuracy > baseline;
  const concerns = [
    ...(isBetter ? [] : [`It is no better than always saying the most frequent value (${percent(baseline)}).`]),
    ...(checked < FEW_CHECKS
      ? [`${checked} rows are few to measure with: one row is ${percent(1 / Math.max(1, checked))}.`]
      : []),
    ...(never.length > 0 ? [`It never predicts ${never.map((label) => JSON.stringify(label)).join(', ')}.`] : []),
  ];
  return {
    trustworthy: isBetter,
    concerns,
    summary: `${right} of ${checked} rows that the training did not see are right (${percent(accuracy)}); the most frequent value alone would be right for ${percent(baseline)}.`,
  };
}

export const WriteRelease = z.object({
  goal: z.string(),
  target: z.string(),
  model: AnyModel,
  measured: Measured,
  validation: Judgement,
});

/** The papers that go with a model: what it is for, how to use it, what to watch. */
export function writeRelease({ goal, target, model, measured, validation }: z.infer<typeof WriteRelease>) {
  const columns = [...columnsOf(model)];
  return {
    card: [
      `Purpose: ${goal.trim().slice(0, 1000)}`,
      `How it decides: ${wordsOf(model, target)}.`,
      `Measured: ${validation.summary}`,
      ...(validation.concerns.length === 0 ? [] : [`Limits: ${validation.concerns.join(' ')}`]),
      'Written by the offline model, which is no language model.',
    ].join('\n'),
    inputs: columns,
    monitoring: [
      `Compare its answers with the true ${target} of new rows; below ${percent(measured.accuracy)} for a while, train again.`,
      ...columns.map((column) => `Watch for empty cells and new values in ${column}.`),
    ],
    rollback: `Answer with the most frequent ${target} (${percent(measured.baseline)} right) until another model is released.`,
  };
}
