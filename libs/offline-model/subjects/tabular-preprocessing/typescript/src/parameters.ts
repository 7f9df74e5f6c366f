import type { CategoricalParameters } from './categorical.ts';
import { PreprocessingError } from './errors.ts';
import { anyText, fieldsOf, finiteNumber, listOf, oneOf, parseJson, text, texts } from './json.ts';
import type { NumericParameters } from './numeric.ts';
import type { ColumnParameters, Parameters } from './preprocessor.ts';

const FORMAT = 'tabular-preprocessing';
/** Raised when the meaning of a field changes. */
export const FORMAT_VERSION = 1;

/** Parameters as JSON text. Numbers are written with every digit they have. */
export function saveParameters(parameters: Parameters): string {
  return `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, ...parameters }, null, 2)}\n`;
}

/** Reads what saveParameters wrote. Throws `bad-parameters` or `unknown-version`. */
export function loadParameters(source: string): Parameters {
  const what = 'The parameter file';
  const fields = fieldsOf(parseJson(source, 'bad-parameters', what), 'bad-parameters', what);
  if (fields.format !== FORMAT) {
    throw new PreprocessingError('bad-parameters', `${what} was not written by this module.`);
  }
  if (fields.version !== FORMAT_VERSION) {
    throw new PreprocessingError(
      'unknown-version',
      `${what} has version ${JSON.stringify(fields.version)}, this module reads version ${FORMAT_VERSION}.`,
    );
  }
  return {
    missing: texts(fields.missing, 'bad-parameters', 'missing'),
    columns: listOf(fields.columns, 'bad-parameters', 'columns').map(parseColumn),
  };
}

function parseColumn(value: unknown, index: number): ColumnParameters {
  const place = `columns[${index}]`;
  const fields = fieldsOf(value, 'bad-parameters', place);
  switch (oneOf(['numeric', 'categorical'], fields.type, 'bad-parameters', `${place}.type`)) {
    case 'numeric':
      return numeric(fields, place);
    case 'categorical':
      return categorical(fields, place);
  }
}

function numeric(fields: Readonly<Record<string, unknown>>, place: string): NumericParameters {
  const number = (key: 'fill' | 'center' | 'spread') => finiteNumber(fields[key], 'bad-parameters', `${place}.${key}`);
  return {
    name: text(fields.name, 'bad-parameters', `${place}.name`),
    type: 'numeric',
    fill: fields.fill === null ? null : number('fill'),
    scale: oneOf(['none', 'standard', 'min-max'], fields.scale, 'bad-parameters', `${place}.scale`),
    center: number('center'),
    spread: number('spread'),
  };
}

function categorical(fields: Readonly<Record<string, unknown>>, place: string): CategoricalParameters {
  return {
    name: text(fields.name, 'bad-parameters', `${place}.name`),
    type: 'categorical',
    fill: fields.fill === null ? null : anyText(fields.fill, 'bad-parameters', `${place}.fill`),
    encode: oneOf(['one-hot', 'ordinal'], fields.encode, 'bad-parameters', `${place}.encode`),
    unseen: oneOf(['error', 'ignore'], fields.unseen, 'bad-parameters', `${place}.unseen`),
    categories: texts(fields.categories, 'bad-parameters', `${place}.categories`),
  };
}
