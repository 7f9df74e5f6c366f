import type { Json, JsonObject } from '@baton/asl';
import type { ComposedStep, Composition, StepArgument } from '@baton/contracts';
import { canonicalSha256 } from '@baton/workflow';

/*
 * A composition as a workflow document: one state after the other, each with what it is called with, and nothing that a model
 * wrote but names and literal texts. No expression of the document is anybody's but this program's.
 */

const VERSION = '1.0.0';
const WORKER_SECONDS = 3_600;
const CHILD_SECONDS = 86_400;

const RETRY: Json = [
  {
    ErrorEquals: ['Baton.ModelUnavailable', 'Baton.ChildNotStarted'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: 5,
    JitterStrategy: 'FULL',
  },
  { ErrorEquals: ['Baton.InvalidOutput'], IntervalSeconds: 1, MaxAttempts: 1 },
];

/** The document of a composition whose findings hold no error. Its name is made of what it says: the same is the same. */
export function composeDocument({ title, steps }: Pick<Composition, 'title' | 'steps'>): JsonObject {
  const rest: JsonObject = {
    version: VERSION,
    title: oneLine(title, 120) || 'Composed for a goal',
    description: `Composed for a goal: ${steps.map(({ use }) => use).join(', then ')}.`,
    input: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['goal'],
      additionalProperties: false,
      properties: {
        goal: { type: 'string', minLength: 1, description: 'What is wanted.' },
        input: { type: 'object', description: 'What it is about.' },
      },
    },
    steps: Object.fromEntries(
      steps.map(({ name, does, use }, at) => [name, { number: at + 1, title: oneLine(does, 120) || use }]),
    ),
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Prepare',
      States: {
        Prepare: {
          Type: 'Pass',
          Assign: {
            goal: '{% $states.input.goal %}',
            input: '{% $exists($states.input.input) ? $states.input.input : {} %}',
          },
          Output: {},
          Next: steps[0]?.name ?? 'Done',
        },
        ...Object.fromEntries(steps.map((step, at) => [step.name, stateOf(step, steps[at + 1]?.name ?? 'Done')])),
        Done: { Type: 'Succeed', Output: steps.length === 0 ? {} : `{% $${steps.at(-1)?.name} %}` },
      },
    },
  };
  return { name: nameOfComposed(rest), ...rest };
}

/** @param document with or without a name */
export function nameOfComposed(document: JsonObject): string {
  const { name: _, ...rest } = document;
  return `goal-${canonicalSha256(rest).slice(0, 16)}`;
}

const stateOf = ({ name, use, arguments: args }: ComposedStep, next: string): JsonObject => ({
  Type: 'Task',
  Resource: `baton:${use}`,
  Arguments: argumentsOf(args),
  TimeoutSeconds: use.startsWith('workflow:') ? CHILD_SECONDS : WORKER_SECONDS,
  Retry: RETRY,
  Assign: { [name]: '{% $states.result %}' },
  Output: {},
  Next: next,
});

/** Names with dots lead into objects. A part that is no object any more gives way. */
function argumentsOf(args: readonly StepArgument[]): JsonObject {
  const made: Record<string, Json> = {};
  for (const argument of args) {
    const path = argument.name.split('.');
    let place = made;
    for (const part of path.slice(0, -1)) {
      const inner = ownOf(place, part);
      const next: Record<string, Json> = isPlain(inner) ? inner : {};
      put(place, part, next);
      place = next;
    }
    put(place, path.at(-1) ?? '', argumentValue(argument));
  }
  return made;
}

const isPlain = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const ownOf = (object: Record<string, Json>, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Also a member named `__proto__` is one. */
const put = (object: Record<string, Json>, name: string, value: Json): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
};

function argumentValue({ from, value }: StepArgument): Json {
  switch (from) {
    case 'goal':
      return '{% $goal %}';
    case 'input':
      return `{% $input${value === '' ? '' : `.${pathOf(value.split('.'))}`} %}`;
    case 'step': {
      const [name = '', ...rest] = value.split('.');
      return `{% $${name}${rest.length === 0 ? '' : `.${pathOf(rest)}`} %}`;
    }
    case 'text':
      return literal(value);
    default:
      return literal(parsed(value));
  }
}

/** A member by its name, whatever characters that has: checkComposition lets no backtick through. */
const pathOf = (parts: readonly string[]): string => parts.map((part) => `\`${part}\``).join('.');

/** What reads as an expression and is none is one that gives just that. */
function literal(value: Json): Json {
  if (typeof value === 'string') return value.trim().startsWith('{%') ? `{% ${JSON.stringify(value)} %}` : value;
  if (Array.isArray(value)) return value.map(literal);
  if (!isPlain(value)) return value;
  const made: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) put(made, name, literal(member));
  return made;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const oneLine = (text: string, most: number): string =>
  [...text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()].slice(0, most).join('');
