import { definitionSchema } from '@baton/asl';
import type { JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { WorkflowDocument } from './workflow-document.js';

const RESOURCE: JsonObject = {
  type: 'string',
  description: 'Who does it.',
  anyOf: [
    {
      pattern: '^baton:worker:',
      examples: ['baton:worker:'],
      'x-baton-names': 'worker',
      description: 'A worker of the kind that follows.',
    },
    { const: 'baton:approval', description: 'A person decides about what the Arguments show.' },
    {
      pattern: '^baton:workflow:',
      examples: ['baton:workflow:'],
      'x-baton-names': 'workflow',
      description: 'A run of another workflow, as name or name@version, started with the Arguments.',
    },
    {
      const: 'baton:workflow',
      description: 'A run of the workflow that the Arguments name as workflow, started with their input.',
    },
    {
      pattern: '^baton:signal:',
      examples: ['baton:signal:'],
      description: 'The data of the next signal of that name that is sent to the run.',
    },
    { const: 'baton:lineage', description: 'A version of the workspace becomes the head of a lineage.' },
    { const: 'baton:publish', description: 'A workflow that was composed for a goal is published, under its hash.' },
  ],
};

/** Members of the Arguments of an approval that Baton knows. Any of them may be an expression, and others are shown as they are. */
const APPROVAL: JsonObject = {
  description: 'What the person sees.',
  properties: {
    title: { description: 'What is asked, in a line.' },
    panel: { description: 'The phase whose scores, failures and costs are shown beside it.', 'x-baton-names': 'phase' },
    policy: {
      description: 'Who has to say yes. Without one, the first answer decides, whoever gives it.',
      properties: {
        approvers: {
          description: 'Who may answer: role:approver for everybody with a role, ada for one person.',
          items: { examples: ['role:approver', 'role:operator', 'role:admin'] },
        },
        count: { description: 'How many different people have to approve.', examples: [2] },
        excludeSubmitter: { description: 'Whether whoever submitted the run may not answer.', examples: [true] },
        due: {
          description: 'When somebody is reminded, and when others are asked, too.',
          properties: {
            remindAfterSeconds: { description: 'When somebody is reminded.', examples: [3600] },
            escalateAfterSeconds: { description: 'When others are asked, too.', examples: [86_400] },
            escalateTo: {
              description: 'Who may answer, too, from then on.',
              items: { examples: ['role:operator', 'role:admin'] },
            },
          },
        },
      },
    },
  },
};

/** So much of JSON Schema as the input of a workflow usually has. */
const INPUT_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    type: {
      description: 'The type of the value.',
      examples: ['object', 'string', 'integer', 'number', 'boolean', 'array', 'null'],
    },
    title: { description: 'What it is called in a form.' },
    description: { description: 'What it is for.' },
    properties: { description: 'The members by their names.', additionalProperties: { $ref: '#/$defs/InputSchema' } },
    required: { description: 'The members that have to be there.' },
    additionalProperties: { description: 'Whether there may be other members.', examples: [false] },
    items: { description: 'What each item is.', $ref: '#/$defs/InputSchema' },
    enum: { description: 'The values that there are.' },
    const: { description: 'The one value that there is.' },
    default: { description: 'What holds where nothing is given.' },
    examples: { description: 'Values as somebody might give them.' },
    format: { description: 'What a text is.', examples: ['date', 'date-time', 'email', 'uri', 'uuid'] },
    pattern: { description: 'A regular expression that a text matches.' },
    minLength: { description: 'The least characters of a text.' },
    maxLength: { description: 'The most characters of a text.' },
    minimum: { description: 'The least number.' },
    maximum: { description: 'The greatest number.' },
    minItems: { description: 'The least items of a list.' },
    maxItems: { description: 'The most items of a list.' },
    uniqueItems: { description: 'Whether no item comes twice.', examples: [true] },
    oneOf: { description: 'Exactly one of these fits.', items: { $ref: '#/$defs/InputSchema' } },
    anyOf: { description: 'One of these fits, or more.', items: { $ref: '#/$defs/InputSchema' } },
  },
};

/**
 * JSON Schema (draft 2020-12) of a workflow document, for editors. What it refuses, the checks of a document refuse, too; they
 * find more. Editors that know no `x-baton-names` pass over it: it says what a text is the name of, `any-state` of the document, a
 * `phase` of it, a `worker` or `workflow` as a Resource, a `template`, or as `definitionSchema` has it.
 */
export function workflowDocumentSchema(): JsonObject {
  const { $schema, properties, ...rest } = z.toJSONSchema(WorkflowDocument, { io: 'input', unrepresentable: 'any' });
  const members = properties as unknown as Readonly<Record<string, JsonObject>>;
  const described = (name: string): JsonObject => ({ description: members[name]?.description ?? '' });
  return {
    $schema: String($schema),
    $id: 'urn:baton:schema:workflow-document',
    title: 'A workflow document of Baton',
    ...(rest as unknown as JsonObject),
    properties: {
      ...members,
      input: { ...described('input'), $ref: '#/$defs/InputSchema' },
      definition: { ...described('definition'), $ref: '#/$defs/Definition' },
    },
    $defs: {
      ...definitionSchema({ resource: RESOURCE, argumentsOf: { 'baton:approval': APPROVAL } }),
      InputSchema: INPUT_SCHEMA,
    },
  };
}
