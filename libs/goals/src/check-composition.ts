import type { JsonObject } from '@baton/asl';
import type { ComposedStep, Composition, GoalCatalog, WorkflowFinding } from '@baton/contracts';
import { didYouMean } from '@baton/contracts';
import { canonicalSha256, checkPublication, parseWorkflowDocument } from '@baton/workflow';
import { checkAgainstSchema, checkArgument, error, type InSight } from './check-arguments.js';
import { afterUnit, checkCondition, checkList, checkUnits, isAgain, type Outputs, sightOf } from './check-shape.js';
import { composeDocument } from './compose-document.js';
import { nameOfEach } from './composed-states.js';
import { STATES_OF_ALL } from './name-for.js';
import { outputOf } from './output-of.js';
import { type Candidate, candidatesOf } from './score.js';
import { lanesOf, type Unit, unitsOf } from './step-units.js';

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
    ...checkSteps(steps, { input, candidates }),
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

function checkSteps(steps: readonly ComposedStep[], known: Known): readonly WorkflowFinding[] {
  const units = unitsOf(steps);
  const outputs = outputsOf(steps, known);
  const findings = [...checkNames(units, steps), ...checkUnits(units, steps)];
  let seen: Omit<InSight, 'hasItem'> = { input: known.input, names: [], hidden: new Map() };
  for (const unit of units) {
    for (const step of lanesOf(unit).flat()) {
      const pointer = `/steps/${steps.indexOf(step)}`;
      const sight = sightOf(step, unit, seen);
      findings.push(...checkUse(step, pointer, known));
      findings.push(...step.arguments.flatMap((each, at) => checkArgument(each, `${pointer}/arguments/${at}`, sight)));
      if (step.each !== undefined) findings.push(...checkList(step.each, `${pointer}/each`, sight, outputs));
      // It is decided before any of its ways is gone.
      const first = { ...seen, hasItem: false };
      if (step.when !== undefined) findings.push(...checkCondition(step.when, `${pointer}/when`, first, outputs));
    }
    seen = { ...seen, ...afterUnit(unit, seen) };
  }
  return findings;
}

function checkUse({ use, arguments: args }: ComposedStep, pointer: string, { candidates }: Known) {
  const candidate = candidates.get(use);
  if (candidate === undefined) {
    const near = didYouMean(use, [...candidates.keys()]);
    return [error(`${pointer}/use`, 'unknown-use', `there is no ${use} to be used.${near}`)];
  }
  return [
    ...candidate.lacks.map((lack) => error(`${pointer}/use`, 'not-served', lack)),
    ...checkAgainstSchema(args, candidate.input ?? {}, pointer),
  ];
}

/** Each is the name of a state, and of a variable. */
function checkNames(units: readonly Unit[], steps: readonly ComposedStep[]): readonly WorkflowFinding[] {
  const taken = new Set<string>(STATES_OF_ALL);
  const taking = (name: string, pointer: string) => {
    if (taken.has(name)) return [error(pointer, 'name-taken', `there is another step ${name}`)];
    taken.add(name);
    return [];
  };
  const ofUnits = units.flatMap((unit, index) => {
    // Of steps that belong together and stand apart `checkUnits` says so.
    if (unit.type === 'step' || isAgain(units, index)) return [];
    const at = `/steps/${steps.indexOf(lanesOf(unit)[0]?.[0] ?? NOBODY)}`;
    return taking(unit.name, `${at}/${unit.type === 'beside' ? 'beside' : 'when/choice'}`);
  });
  const ofSteps = steps.flatMap((step, at) => [
    ...taking(step.name, `/steps/${at}/name`),
    ...(step.each === undefined ? [] : taking(nameOfEach(step), `/steps/${at}/name`)),
  ]);
  return [...ofUnits, ...ofSteps];
}

const NOBODY: ComposedStep = { name: '', does: '', use: '', arguments: [] };

function outputsOf(steps: readonly ComposedStep[], { candidates }: Known): Outputs {
  return new Map(
    steps.flatMap((step) => {
      const output = outputOf(step, candidates.get(step.use)?.output ?? null);
      return output === null ? [] : [[step.name, output] as const];
    }),
  );
}
