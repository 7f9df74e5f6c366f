import { ErrorName } from './error-names.js';
import { FIELD_SCHEMAS, NEEDED, TYPE_WORDS } from './field-schemas.js';
import { itemReaderSchema, resultWriterSchema } from './item-reader-schemas.js';
import { isJsonObject, type JsonObject } from './json.js';
import { OPERATORS } from './jsonpath/choice-rule.js';
import type { QueryLanguage } from './machine.js';
import { FIELDS } from './state-fields.js';

const LANGUAGES = ['JSONata', 'JSONPath'] as const;

const COMMENT: JsonObject = { description: 'A note for whoever reads the document.' };
const LANGUAGE: JsonObject = {
  description: 'The language of what is computed: JSONata, or paths. Of the machine around, where it is left out.',
  oneOf: [
    { const: 'JSONata', description: 'A text {% … %} is a JSONata expression.' },
    { const: 'JSONPath', description: 'Members that end in .$ hold paths and functions.' },
  ],
};

const ref = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required: [...required],
  additionalProperties: false,
});

/** One or the other, by the language that a machine or a state says it is in. */
const byLanguage = (usual: QueryLanguage, name: string): JsonObject => {
  const other = usual === 'JSONata' ? 'JSONPath' : 'JSONata';
  return {
    if: { type: 'object', properties: { QueryLanguage: { const: other } }, required: ['QueryLanguage'] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: ref(`${other}.${name}`),
    else: ref(`${usual}.${name}`),
  };
};

/** @param argumentsOf by the Resource of a task, what its Arguments are; a hint, and nothing is refused for it */
export interface DefinitionSchemaOptions {
  readonly resource: JsonObject;
  readonly argumentsOf: Readonly<Record<string, JsonObject>>;
}

/**
 * JSON Schema (draft 2020-12) of a definition, as `$defs` of a document that has it as `#/$defs/Definition`. What it refuses,
 * `parseDefinition` refuses, too, and not the other way round: where states lead is beyond a schema. `x-baton-names` says what
 * a text is the name of: a `state` of the machine that it stands in, or the `own-state` of the machine that it begins.
 */
export function definitionSchema(options: DefinitionSchemaOptions): Readonly<Record<string, JsonObject>> {
  return {
    Definition: byLanguage('JSONPath', 'Machine'),
    Resource: options.resource,
    Retrier: retrier(),
    ItemBatcher: { type: 'object', description: 'How items are put together to batches.', properties: BATCHER },
    ...Object.assign({}, ...LANGUAGES.map((language) => schemasIn(language, options))),
  };
}

function schemasIn(language: QueryLanguage, options: DefinitionSchemaOptions): Readonly<Record<string, JsonObject>> {
  const own = (name: string): string => `${language}.${name}`;
  const types = Object.keys(FIELDS[language]);
  return {
    [own('Machine')]: machine(language, {}),
    [own('OfItems')]: machine(language, { ProcessorConfig: PROCESSOR }),
    [own('Branch')]: byLanguage(language, 'Machine'),
    [own('Processor')]: {
      description: 'The state machine that runs for each item.',
      ...byLanguage(language, 'OfItems'),
    },
    [own('State')]: byLanguage(language, 'Typed'),
    [own('Typed')]: {
      type: 'object',
      required: ['Type'],
      properties: { Type: typeOf(types) },
      allOf: types.map((type) => ({
        if: { properties: { Type: { const: type } }, required: ['Type'] },
        // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
        then: ref(own(type)),
      })),
    },
    [own('Rule')]: rule(language),
    ...(language === 'JSONPath' ? { [own('Test')]: object({ Comment: COMMENT, ...TESTS }) } : {}),
    [own('Catcher')]: catcher(language),
    [own('ItemReader')]: itemReaderSchema(language),
    [own('ResultWriter')]: resultWriterSchema(language),
    ...Object.fromEntries(types.map((type) => [own(type), state(language, type, options)])),
  };
}

const typeOf = (types: readonly string[]): JsonObject => ({
  description: 'What the state does.',
  oneOf: types.map((type) => ({ const: type, description: TYPE_WORDS[type] ?? '' })),
});

const machine = (language: QueryLanguage, more: JsonObject): JsonObject =>
  object(
    {
      QueryLanguage: LANGUAGE,
      StartAt: { type: 'string', 'x-baton-names': 'own-state', description: 'The state that it begins with.' },
      States: {
        type: 'object',
        description: 'The states by their names.',
        minProperties: 1,
        additionalProperties: ref(`${language}.State`),
      },
      TimeoutSeconds: { type: 'integer', description: 'How long the whole of it may take.', examples: [3600] },
      Version: { description: 'Of the language: 1.0.' },
      Comment: COMMENT,
      ...more,
    },
    ['StartAt', 'States'],
  );

function state(language: QueryLanguage, type: string, { argumentsOf }: DefinitionSchemaOptions): JsonObject {
  const fields = FIELDS[language][type] ?? [];
  const known = object(
    {
      Type: { const: type },
      ...Object.fromEntries(fields.map((field) => [field, fieldSchema(field, language)])),
      // Ignored, and said so by a warning.
      ...(type === 'Task' ? { Credentials: { description: 'Ignored: a worker has its own rights.' } } : {}),
      QueryLanguage: LANGUAGE,
      Comment: COMMENT,
    },
    ['Type', ...(NEEDED[type] ?? [])],
  );
  if (type !== 'Task' || language === 'JSONPath') return known;
  const hints = Object.entries(argumentsOf).map(([resource, schema]) => ({
    if: { properties: { Resource: { const: resource } }, required: ['Resource'] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: { properties: { Arguments: schema } },
  }));
  return { ...known, allOf: hints };
}

function fieldSchema(field: string, language: QueryLanguage): JsonObject {
  const schema = FIELD_SCHEMAS[field];
  if (schema === undefined) throw new Error(`the field ${field} of states has no schema`);
  return isJsonObject(schema) ? schema : schema(language);
}

const ERRORS: JsonObject = {
  type: 'array',
  description: 'Names of errors; States.ALL stands alone, in the last rule.',
  minItems: 1,
  items: { type: 'string', examples: Object.values(ErrorName) },
};

const retrier = (): JsonObject =>
  object(
    {
      ErrorEquals: ERRORS,
      IntervalSeconds: { type: 'integer', default: 1, description: 'The pause before the first retry.' },
      MaxAttempts: { type: 'integer', default: 3, description: 'How often it is tried again; 0 for never.' },
      BackoffRate: { type: 'number', default: 2, description: 'By how much each pause is longer than the one before.' },
      MaxDelaySeconds: { type: 'integer', examples: [60], description: 'The longest pause.' },
      JitterStrategy: {
        enum: ['FULL', 'NONE'],
        default: 'NONE',
        description: 'Whether pauses are shortened by chance.',
      },
      Comment: COMMENT,
    },
    ['ErrorEquals'],
  );

const results = (language: QueryLanguage, fields: readonly string[]): JsonObject =>
  Object.fromEntries(fields.map((field) => [field, fieldSchema(field, language)]));

const catcher = (language: QueryLanguage): JsonObject =>
  object(
    {
      ErrorEquals: ERRORS,
      ...results(language, ['Next', language === 'JSONata' ? 'Output' : 'ResultPath', 'Assign']),
      Comment: COMMENT,
    },
    ['ErrorEquals', 'Next'],
  );

const rule = (language: QueryLanguage): JsonObject =>
  language === 'JSONata'
    ? object(
        {
          Condition: {
            type: ['string', 'boolean'],
            description: 'An expression that gives true where the rule holds.',
          },
          ...results(language, ['Next', 'Output', 'Assign']),
          Comment: COMMENT,
        },
        ['Condition', 'Next'],
      )
    : object({ ...TESTS, ...results(language, ['Next', 'Assign']), Comment: COMMENT }, ['Next']);

const TESTS: JsonObject = {
  Variable: { type: 'string', description: 'A path to the value that is compared.' },
  And: { type: 'array', description: 'Holds where each of these does.', items: ref('JSONPath.Test') },
  Or: { type: 'array', description: 'Holds where one of these does.', items: ref('JSONPath.Test') },
  Not: { description: 'Holds where this does not.', ...ref('JSONPath.Test') },
  ...Object.fromEntries(OPERATORS.map((operator) => [operator, { description: 'Compares the Variable with this.' }])),
};

const BATCHER: JsonObject = {
  BatchInput: { description: 'What each batch is given beside its items.' },
  MaxItemsPerBatch: { description: 'The most items of a batch.', examples: [10] },
  MaxItemsPerBatchPath: { description: 'Where in the input that number stands.' },
  MaxInputBytesPerBatch: { description: 'The most bytes of a batch.' },
  MaxInputBytesPerBatchPath: { description: 'Where in the input that number stands.' },
};

const PROCESSOR: JsonObject = {
  type: 'object',
  description: 'How the items are run; both modes are run alike here.',
  properties: {
    Mode: { enum: ['INLINE', 'DISTRIBUTED'], description: 'Taken and of no effect.' },
    ExecutionType: { enum: ['STANDARD', 'EXPRESS'], description: 'With DISTRIBUTED alone; of no effect, too.' },
  },
};
