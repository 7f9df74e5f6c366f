import { z } from 'zod';
import { code } from './markdown.js';

/** As much of JSON Schema as the schemas of this repository have. */
export interface Schema {
  readonly description?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly $ref?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly additionalProperties?: Schema | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly $defs?: Readonly<Record<string, Schema>> | undefined;
}

const Inner = z.lazy(() => Schema);
const Inners = z.array(Inner).optional();
/** `true`, as a schema, is any value. */
export const Schema: z.ZodType<Schema> = z.preprocess(
  (value) => (typeof value === 'boolean' ? {} : value),
  z.object({
    description: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    required: z.array(z.string()).optional(),
    $ref: z.string().optional(),
    properties: z.record(z.string(), Inner).optional(),
    additionalProperties: Inner.optional(),
    items: Inner.optional(),
    anyOf: Inners,
    oneOf: Inners,
    $defs: z.record(z.string(), Inner).optional(),
  }),
);

const LARGEST = 9_007_199_254_740_991;
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'instant (RFC 3339)',
  uuid: 'UUID',
  duration: 'duration (ISO 8601)',
  uri: 'URL',
};

const among = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];

function numberWords(what: string, { minimum, maximum, exclusiveMinimum: above }: Schema): string {
  const isWhole = what === 'whole number';
  const least = minimum ?? (isWhole && above !== undefined ? above + 1 : undefined);
  const most = maximum === undefined || Math.abs(maximum) === LARGEST ? undefined : maximum;
  const from = least !== undefined && Math.abs(least) !== LARGEST ? ` from ${least}` : '';
  return `${what}${from === '' && above !== undefined && !isWhole ? ` above ${above}` : from}${most === undefined ? '' : ` to ${most}`}`;
}

function textWords({ format, pattern, maxLength, minLength }: Schema): string {
  if (format !== undefined) return FORMATS[format] ?? format;
  if (pattern === '^[0-9a-f]{64}$') return 'SHA-256 (hex)';
  const shape = pattern !== undefined && pattern.length <= 60 ? `, ${code(pattern)}` : '';
  if (maxLength !== undefined) return `text, at most ${maxLength} characters${shape}`;
  return `text${shape}${minLength === 1 && shape === '' ? ', not empty' : ''}`;
}

/** What a value has to be, in words. @param link a reference to another schema, as it is shown */
export function typeWords(schema: Schema, link: (reference: string) => string = code): string {
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  const choices = among(schema);
  if (choices.length > 0) return [...new Set(choices.map((each) => typeWords(each, link)))].join(' or ');
  if (typeof schema.type === 'object')
    return schema.type.map((type) => typeWords({ ...schema, type }, link)).join(' or ');
  switch (schema.type) {
    case 'integer':
      return numberWords('whole number', schema);
    case 'number':
      return numberWords('number', schema);
    case 'string':
      return textWords(schema);
    case 'array':
      return `list of ${schema.items === undefined ? 'values' : typeWords(schema.items, link)}`;
    case 'object': {
      const values = schema.additionalProperties;
      const isMap =
        schema.properties === undefined &&
        values !== undefined &&
        Object.values(values).some((each) => each !== undefined);
      return isMap ? `object, each value: ${typeWords(values, link)}` : 'object';
    }
    case undefined:
      return 'any JSON';
    default:
      return schema.type;
  }
}
