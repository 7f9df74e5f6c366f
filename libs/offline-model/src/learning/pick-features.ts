import { z } from 'zod';
import { DataReport, type Features } from './shapes.js';

export const PickFeatures = z.object({ goal: z.string(), target: z.string(), data: DataReport });

/** Every column that can be learnt from as it is; the offline model computes no new ones. */
export function pickFeatures({ target, data }: z.infer<typeof PickFeatures>): Features {
  return {
    features: data.columns.flatMap(({ name, kind, distinct, missing }) =>
      kind === 'unusable'
        ? []
        : [
            {
              column: name,
              kind,
              why:
                kind === 'number'
                  ? `A number with ${distinct} values can be cut at a threshold.`
                  : `${distinct} values over ${data.rowCount - missing} rows are enough rows for each.`,
            },
          ],
    ),
    leftOut: [
      { column: target, reason: 'It is what has to be predicted.' },
      ...data.columns
        .filter(({ kind }) => kind === 'unusable')
        .map(({ name, note }) => ({ column: name, reason: note })),
    ],
  };
}
