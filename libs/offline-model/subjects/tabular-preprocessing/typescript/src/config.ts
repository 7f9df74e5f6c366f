import { PreprocessingError } from './errors.ts';
import { fieldsOf, listOf, oneOf, parseJson, text, texts } from './json.ts';

export type NumericImputation = 'none' | 'mean' | 'median' | 'most-frequent' | { readonly constant: number };
export type Scaling = 'none' | 'standard' | 'min-max';

export interface NumericColumn {
  readonly name: string;
  readonly type: 'numeric';
  readonly impute: NumericImputation;
  readonly scale: Scaling;
}

export type CategoricalImputation = 'none' | 'most-frequent' | { readonly constant: string };
export type Encoding = 'one-hot' | 'ordinal';
/** What happens to a category that was not seen in training: an error, or zeros (one-hot) and -1 (ordinal). */
export type UnseenPolicy = 'error' | 'ignore';

export interface CategoricalColumn {
  readonly name: string;
  readonly type: 'categorical';
  readonly impute: CategoricalImputation;
  readonly encode: Encoding;
  readonly unseen: UnseenPolicy;
  /** The categories in their order; without it they are those of the training data, sorted. */
  readonly order?: readonly string[];
}

export type ColumnConfig = NumericColumn | CategoricalColumn;

export interface Config {
  /** The spellings of a missing value. */
  readonly missing: readonly string[];
  readonly columns: readonly ColumnConfig[];
}

/** Reads a configuration. Only `name` and `type` must be there; by default nothing is imputed, scaled or ignored. */
export function parseConfig(source: string): Config {
  const fields = fieldsOf(parseJson(source, 'bad-config', 'The configuration'), 'bad-config', 'The configuration');
  refuseOthers(fields, ['missing', 'columns'], 'The configuration');
  const columns = listOf(fields.columns, 'bad-config', 'columns').map(parseColumn);
  if (columns.length === 0) throw new PreprocessingError('bad-config', 'The configuration lists no column.');
  const names = columns.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new PreprocessingError('bad-config', `The configuration lists the column "${repeated}" twice.`);
  }
  return { missing: fields.missing === undefined ? [''] : texts(fields.missing, 'bad-config', 'missing'), columns };
}

function parseColumn(value: unknown, index: number): ColumnConfig {
  const place = `columns[${index}]`;
  const fields = fieldsOf(value, 'bad-config', place);
  const name = text(fields.name, 'bad-config', `${place}.name`);
  const type = oneOf(['numeric', 'categorical'], fields.type, 'bad-config', `${place}.type`);
  refuseOthers(fields, KEYS[type], `${place}, a ${type} column,`);
  if (type === 'numeric') {
    return {
      name,
      type,
      impute: numericImputation(fields.impute ?? 'none', `${place}.impute`),
      scale: oneOf(['none', 'standard', 'min-max'], fields.scale ?? 'none', 'bad-config', `${place}.scale`),
    };
  }
  return {
    name,
    type,
    impute: categoricalImputation(fields.impute ?? 'none', `${place}.impute`),
    encode: oneOf(['one-hot', 'ordinal'], fields.encode ?? 'one-hot', 'bad-config', `${place}.encode`),
    unseen: oneOf(['error', 'ignore'], fields.unseen ?? 'error', 'bad-config', `${place}.unseen`),
    ...(fields.order === undefined ? {} : { order: categories(fields.order, `${place}.order`) }),
  };
}

const KEYS: { readonly [type in ColumnConfig['type']]: readonly string[] } = {
  numeric: ['name', 'type', 'impute', 'scale'],
  categorical: ['name', 'type', 'impute', 'encode', 'unseen', 'order'],
};

/** A misspelt setting must not be passed over as if it were not there. */
function refuseOthers(fields: object, known: readonly string[], place: string): void {
  const other = Object.keys(fields).find((key) => !known.includes(key));
  if (other !== undefined) throw new PreprocessingError('bad-config', `${place} has no setting "${other}".`);
}

function numericImputation(value: unknown, place: string): NumericImputation {
  if (typeof value === 'string') return oneOf(['none', 'mean', 'median', 'most-frequent'], value, 'bad-config', place);
  const { constant } = fieldsOf(value, 'bad-config', place);
  if (typeof constant === 'number' && Number.isFinite(constant)) return { constant };
  throw new PreprocessingError('bad-config', `${place}.constant must be a finite number.`);
}

function categoricalImputation(value: unknown, place: string): CategoricalImputation {
  if (typeof value === 'string') return oneOf(['none', 'most-frequent'], value, 'bad-config', place);
  return { constant: text(fieldsOf(value, 'bad-config', place).constant, 'bad-config', `${place}.constant`) };
}

function categories(value: unknown, place: string): readonly string[] {
  const order = texts(value, 'bad-config', place);
  if (order.length > 0 && new Set(order).size === order.length) return order;
  throw new PreprocessingError('bad-config', `${place} must list each category once.`);
}
