import type { JsonObject } from './json.js';
import type { QueryLanguage } from './machine.js';

/*
 * What stands in each field of a state, as JSON Schema with words for whoever writes one. Which fields a state has, FIELDS says.
 * A schema refuses nothing that the checks take; they have the last word.
 */

/** What the name of a state may be: of the machine that it stands in, or of the one that it begins. */
const names = (of: 'state' | 'own-state', description: string): JsonObject => ({
  type: 'string',
  'x-baton-names': of,
  description,
});
const any = (description: string): JsonObject => ({ description });
const text = (description: string): JsonObject => ({ type: 'string', description });
const path = (description: string): JsonObject => ({ type: ['string', 'null'], description });
/** In JSONata an expression may give it. */
const numeric =
  (description: string, examples: readonly number[]) =>
  (language: QueryLanguage): JsonObject => ({
    type: language === 'JSONata' ? ['number', 'string'] : 'number',
    description,
    examples: [...examples],
  });
const listOf = (item: string, description: string): JsonObject => ({
  type: 'array',
  description,
  items: { $ref: `#/$defs/${item}` },
});

type FieldSchema = JsonObject | ((language: QueryLanguage) => JsonObject);

export const FIELD_SCHEMAS: Readonly<Record<string, FieldSchema>> = {
  Next: names('state', 'The state that follows.'),
  End: { type: 'boolean', description: 'True where nothing follows: the machine ends here.' },
  Default: names('state', 'The state that follows where no rule holds.'),
  Resource: { $ref: '#/$defs/Resource' },
  Arguments: any('What is given to what the Resource names, or to the branches.'),
  Parameters: any('What is given to what the Resource names: members that end in .$ hold paths.'),
  Output: any('What the state gives to the next one; what came of it, where this is left out.'),
  Assign: { type: 'object', description: 'Variables by their names: every state after this one can read them.' },
  Result: any('What the state gives, as it stands here.'),
  InputPath: path('What of the input the state sees; null for nothing.'),
  OutputPath: path('What of its output goes on; null for nothing.'),
  ResultPath: path('Where in the input the result is put; null drops it.'),
  ResultSelector: any('What is taken from a result, before it is put anywhere.'),
  Retry: listOf(
    'Retrier',
    'How often and when a task is tried again, by the name of its error. The first that fits counts.',
  ),
  Catch: (language) => listOf(`${language}.Catcher`, 'Where it goes on after an error that no Retry mends.'),
  Choices: (language) => listOf(`${language}.Rule`, 'The rules, in order: the first that holds says what follows.'),
  Branches: (language) => ({ ...listOf(`${language}.Branch`, 'State machines that run side by side.'), minItems: 1 }),
  ItemProcessor: (language) => ({ $ref: `#/$defs/${language}.Processor` }),
  Iterator: (language) => ({ $ref: `#/$defs/${language}.Processor` }),
  ItemSelector: any('What each item is given; the item itself, where this is left out.'),
  ItemReader: (language) => ({ $ref: `#/$defs/${language}.ItemReader` }),
  ResultWriter: (language) => ({ $ref: `#/$defs/${language}.ResultWriter` }),
  ItemBatcher: { $ref: '#/$defs/ItemBatcher' },
  Items: any('The items: a list, an object, or an expression that gives one.'),
  ItemsPath: path('Where in the input the items are.'),
  Label: any('A name for the executions of a distributed Map.'),
  MaxConcurrency: numeric('How many items are worked on at once; 0 for as many as there may be.', [4]),
  MaxConcurrencyPath: path('Where in the input the most items at once stands.'),
  ToleratedFailureCount: numeric('How many items may fail before the Map does.', [1]),
  ToleratedFailureCountPath: path('Where in the input that number stands.'),
  ToleratedFailurePercentage: numeric('How many of a hundred items may fail before the Map does.', [10]),
  ToleratedFailurePercentagePath: path('Where in the input that number stands.'),
  TimeoutSeconds: numeric('How long it may take, from when a worker may begin; without it, for ever.', [600]),
  TimeoutSecondsPath: path('Where in the input that time stands.'),
  HeartbeatSeconds: numeric('How long a worker may say nothing.', [60]),
  HeartbeatSecondsPath: path('Where in the input that time stands.'),
  Seconds: numeric('How long it waits.', [60]),
  SecondsPath: path('Where in the input that time stands.'),
  Timestamp: text('Until when it waits, such as 2026-01-31T12:00:00Z.'),
  TimestampPath: path('Where in the input that moment stands.'),
  Error: text('The name of the error, for a Catch around it.'),
  ErrorPath: path('Where in the input that name stands.'),
  Cause: text('What went wrong, for people.'),
  CausePath: path('Where in the input those words stand.'),
};

/** Types of states, and what each is for. */
export const TYPE_WORDS: Readonly<Record<string, string>> = {
  Task: 'Gives Arguments to what its Resource names, and waits for the result.',
  Choice: 'Goes to the Next of the first rule that holds, else to Default.',
  Parallel: 'Runs its Branches side by side; the result is the list of theirs.',
  Map: 'Runs its ItemProcessor once for each item; the result is the list of theirs.',
  Pass: 'Sets variables and output, and nothing else.',
  Wait: 'Waits for some Seconds, or until a Timestamp.',
  Succeed: 'Ends the run, or the branch.',
  Fail: 'Ends the run, or the branch, with an error.',
};

/** What a state of a type cannot do without. */
export const NEEDED: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource'],
  Choice: ['Choices'],
  Parallel: ['Branches'],
};
