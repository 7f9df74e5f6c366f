import { isJsonObject, type JsonObject } from '@baton/asl';
import type { ComposedStep, Composition, GoalCatalog, StepArgument, WorkflowFinding } from '@baton/contracts';
import { didYouMean, isNestedWithin } from '@baton/contracts';
import { canonicalSha256, checkPublication, parseWorkflowDocument } from '@baton/workflow';
import { composeDocument } from './compose-document.js';
import { membersOf, stringsIn } from './fill-arguments.js';
import { type Candidate, candidatesOf } from './score.js';

export interface CheckedComposition {
  /** Whether it may be published: no finding is an error. */
  readonly ok: boolean;
  /** Pointers are into the composition; those of the document itself begin with `/document`. */
  readonly findings: readonly WorkflowFinding[];
  /** Null where the composition is not fit to be made into one. */
  readonly document: JsonObject | null;
  /** `name@version` and SHA-256 of the document's canonical JSON; null as above. */
  readonly ref: string | null;
  readonly sha256: string | null;
}

const MOST_FINDINGS = 30;

/** All that can be known of a composition before it runs: what it uses, what that is called with, and the document as such. */
export function checkComposition(
  { title, steps }: Composition,
  input: JsonObject,
  catalog: GoalCatalog,
): CheckedComposition {
  const candidates = new Map(candidatesOf(catalog).map((each) => [each.use, each]));
  const own = [
    ...(steps.length === 0 ? [error('/steps', 'no-steps', 'there is no step')] : []),
    ...steps.flatMap((step, at) => checkStep(step, at, steps.slice(0, at), { input, candidates })),
  ];
  if (own.some(({ severity }) => severity === 'error')) return { ...NOTHING, findings: own.slice(0, MOST_FINDINGS) };
  const document = composeDocument({ title, steps });
  const read = parseWorkflowDocument(document);
  const about = [...read.findings, ...(read.ok ? checkPublication(read.document) : [])].map((finding) => ({
    ...finding,
    pointer: `/document${finding.pointer}`,
  }));
  const findings = [...own, ...about].slice(0, MOST_FINDINGS);
  if (!read.ok) return { ...NOTHING, findings };
  const ref = `${read.document.name}@${read.document.version}`;
  return { ok: true, findings, document, ref, sha256: canonicalSha256(read.document) };
}

const NOTHING = { ok: false, document: null, ref: null, sha256: null } as const;

interface Known {
  readonly input: JsonObject;
  readonly candidates: ReadonlyMap<string, Candidate>;
}

function checkStep(
  { name, use, arguments: args }: ComposedStep,
  at: number,
  before: readonly ComposedStep[],
  known: Known,
): readonly WorkflowFinding[] {
  const pointer = `/steps/${at}`;
  const candidate = known.candidates.get(use);
  const names = [...known.candidates.keys()];
  return [
    ...(TAKEN.has(name) || before.some((each) => each.name === name)
      ? [error(`${pointer}/name`, 'name-taken', `there is another step ${name}`)]
      : []),
    ...(candidate === undefined
      ? [error(`${pointer}/use`, 'unknown-use', `there is no ${use} to be used.${didYouMean(use, names)}`)]
      : candidate.lacks.map((lack) => error(`${pointer}/use`, 'not-served', lack))),
    ...args.flatMap((argument, index) =>
      checkArgument(argument, `${pointer}/arguments/${index}`, { before, input: known.input, steps: at }),
    ),
    ...(candidate === undefined ? [] : checkAgainstSchema(args, candidate.input ?? {}, pointer)),
  ];
}

/** The states that every composed document has. */
const TAKEN: ReadonlySet<string> = new Set(['Prepare', 'Done']);

function checkArgument(
  { name, from, value }: StepArgument,
  pointer: string,
  { before, input }: { readonly before: readonly ComposedStep[]; readonly input: JsonObject; readonly steps: number },
): readonly WorkflowFinding[] {
  const wrong = (code: string, message: string) => [error(`${pointer}/value`, code, message)];
  if (name.split('.').some((part) => part === '')) {
    return [error(`${pointer}/name`, 'argument-name', `${JSON.stringify(name)} is no name of an argument`)];
  }
  switch (from) {
    case 'input': {
      if (value !== '' && !isPath(value)) return wrong('path', `${JSON.stringify(value)} is no path`);
      const [member = ''] = value.split('.');
      if (value === '' || Object.hasOwn(input, member)) return [];
      return wrong('unknown-input', `the input has no member ${member}.${didYouMean(member, Object.keys(input))}`);
    }
    case 'step': {
      if (!isPath(value)) return wrong('path', `${JSON.stringify(value)} is no path`);
      const [step = ''] = value.split('.');
      const names = before.map((each) => each.name);
      return names.includes(step)
        ? []
        : wrong('unknown-step', `no step ${step} comes before this one.${didYouMean(step, names)}`);
    }
    case 'json':
      return isJson(value) ? [] : wrong('not-json', 'is not JSON, or nested too deeply');
    default:
      return [];
  }
}

const isPath = (path: string): boolean => path.split('.').every((part) => /^[^`\p{Cc}\p{Cs}]{1,200}$/u.test(part));

function isJson(text: string): boolean {
  try {
    return isNestedWithin(JSON.parse(text), MOST_NESTING);
  } catch {
    return false;
  }
}

/** Of an argument: nobody writes more by hand. */
const MOST_NESTING = 30;

/**
 * Whether the members that are required are there, and no others where none may be. What a value is, is known when it is: a
 * schema of somebody's may take for ever, and the worker holds its arguments to it anyhow.
 */
function checkAgainstSchema(
  args: readonly StepArgument[],
  schema: JsonObject,
  pointer: string,
): readonly WorkflowFinding[] {
  const alternatives = [schema.anyOf, schema.oneOf].flatMap((list) =>
    Array.isArray(list) ? list.filter(isJsonObject) : [],
  );
  const tried = (alternatives.length === 0 ? [schema] : alternatives).map((each) => checkMembers(args, each, pointer));
  return tried.find((findings) => findings.length === 0) ?? tried[0] ?? [];
}

function checkMembers(args: readonly StepArgument[], schema: JsonObject, pointer: string): readonly WorkflowFinding[] {
  const given = args.map(({ name }) => name.split('.')[0] ?? '');
  const members = membersOf(schema);
  const names = members.map(([name]) => name);
  const missing = stringsIn(schema.required).filter(
    (name) => !given.includes(name) && members.find(([each]) => each === name)?.[1].default === undefined,
  );
  const unknown = schema.additionalProperties === false ? given.filter((name) => !names.includes(name)) : [];
  return [
    ...missing.map((name) => error(`${pointer}/arguments`, 'argument-missing', `the argument ${name} is missing`)),
    ...unknown.map((name) =>
      error(
        `${pointer}/arguments/${given.indexOf(name)}/name`,
        'argument-unknown',
        `there is no argument ${name}.${didYouMean(name, names)}`,
      ),
    ),
  ];
}

const error = (pointer: string, code: string, message: string): WorkflowFinding => ({
  severity: 'error',
  pointer,
  code,
  message,
});
