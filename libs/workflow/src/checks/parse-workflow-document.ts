import { compileExpression, errorAt, expressionBody, type Finding, pointerTo, type State } from '@baton/asl';
import { explainIssues, isNestedWithin, MAX_NESTING } from '@baton/contracts';
import { lintMachine, readableOf } from '../document/machine-of-document.js';
import { WorkflowDocument } from '../document/workflow-document.js';
import { checkApprovals } from './check-approvals.js';
import { checkBudgets } from './check-budgets.js';
import { checkByHand } from './check-by-hand.js';
import { checkPoint } from './check-decision-point.js';
import { checkPersonal } from './check-personal.js';
import { readWhatFits } from './read-what-fits.js';
import { statesOf } from './states-of.js';

export type ParsedWorkflow =
  /** `findings` are the warnings. */
  | { readonly ok: true; readonly document: WorkflowDocument; readonly findings: readonly Finding[] }
  /** `partial` is what could be read of it, for further checks; null where that is nothing. */
  | { readonly ok: false; readonly findings: readonly Finding[]; readonly partial: WorkflowDocument | null };

/**
 * Reads a workflow document and checks what can be known before it runs: all of it at once, also of a document whose other
 * parts are wrong. Pointers are into the document.
 */
export function parseWorkflowDocument(json: unknown): ParsedWorkflow {
  // What reads it runs off the stack otherwise.
  if (!isNestedWithin(json)) {
    const findings = [errorAt('', 'schema', `is nested deeper than ${MAX_NESTING} levels`)];
    return { ok: false, findings, partial: null };
  }
  const parsed = WorkflowDocument.safeParse(json);
  if (parsed.success) {
    const document = parsed.data;
    const findings = checkParts(document);
    return findings.some(({ severity }) => severity === 'error')
      ? { ok: false, findings, partial: document }
      : { ok: true, document, findings };
  }
  const ofSchema = explainIssues(parsed.error, json, WorkflowDocument).map(({ path, detail }) =>
    errorAt(path.map(String).reduce(pointerTo, ''), 'schema', detail),
  );
  const fits = readWhatFits(json);
  if (fits === null) return { ok: false, findings: ofSchema, partial: null };
  const { document, leftOut } = fits;
  return { ok: false, findings: [...ofSchema, ...checkParts(document).filter(isSoundFor(leftOut))], partial: document };
}

/** Whether a finding is about what is there, and not about what was left out or follows from it. */
function isSoundFor(leftOut: readonly string[]): (finding: Finding) => boolean {
  const isWithin = (pointer: string, around: string): boolean => pointer === around || pointer.startsWith(`${around}/`);
  const arePhasesKnown = !leftOut.some((pointer) => isWithin(pointer, '/phases'));
  return ({ pointer }) =>
    !leftOut.some((around) => isWithin(pointer, around)) &&
    (arePhasesKnown || !/^\/decisions\/at\/\d+\/phase$/.test(pointer));
}

function checkParts(document: WorkflowDocument): readonly Finding[] {
  const definition = lintMachine(document);
  const { machine, hasHiddenStates } = readableOf(definition);
  const ofDefinition = definition.findings.map((finding) => ({ ...finding, pointer: `/definition${finding.pointer}` }));
  const references = checkReferences(document, machine === null ? new Map() : statesOf(machine));
  return [
    ...ofDefinition,
    // What is not known of states may be in those that cannot be read.
    ...(hasHiddenStates ? references.filter(isNotOfStates) : references),
    ...(machine === null ? [] : checkApprovals(machine, '/definition')),
    ...checkBudgets(document),
  ];
}

const isNotOfStates = ({ code, pointer }: Finding): boolean =>
  code !== 'unknown-state' && !/^\/decisions\/at\/\d+\/state$/.test(pointer);

function checkReferences(document: WorkflowDocument, states: ReadonlyMap<string, State>): readonly Finding[] {
  return [
    ...checkPhases(document, states),
    ...checkExpression(questionsWhen(document), '/questions/when'),
    ...Object.keys(document.steps ?? {}).flatMap((name) => unknownState(states, name, pointerTo('/steps', name))),
    ...checkByHand(document, states),
    ...checkPersonal(document, states),
    ...(document.decisions?.at ?? []).flatMap((point, index) => {
      const at = pointerTo('/decisions/at', index);
      const state = states.get(point.state);
      const noChoice = `${point.state} is no Choice; a task that fails is a decision point anyway`;
      const { state: _state, phase: _phase, hysteresis: _hysteresis, ...expressions } = point;
      return [
        ...unknownState(states, point.state, pointerTo(at, 'state')),
        ...(state === undefined || state.Type === 'Choice'
          ? []
          : [errorAt(pointerTo(at, 'state'), 'schema', noChoice)]),
        ...Object.entries(expressions).flatMap(([name, text]) => checkExpression(text, pointerTo(at, name))),
        ...checkPoint(point, at),
      ];
    }),
  ];
}

const questionsWhen = ({ questions }: WorkflowDocument): string | undefined =>
  questions === undefined || questions === 'none' ? undefined : questions.when;

function checkPhases(document: WorkflowDocument, states: ReadonlyMap<string, State>): readonly Finding[] {
  const phaseOfState = new Map<string, string>();
  const phases = document.phases ?? [];
  const findings = phases.flatMap((phase, index) =>
    phase.states.flatMap((name, at) => {
      const pointer = `/phases/${index}/states/${at}`;
      const other = phaseOfState.get(name);
      phaseOfState.set(name, phase.name);
      const twice = other === undefined ? [] : [errorAt(pointer, 'schema', `${name} is in the phase ${other} already`)];
      return [...unknownState(states, name, pointer), ...twice];
    }),
  );
  const names = new Set(phases.map(({ name }) => name));
  const points = (document.decisions?.at ?? []).flatMap((point, index) =>
    names.has(point.phase)
      ? []
      : [errorAt(`/decisions/at/${index}/phase`, 'schema', `there is no phase ${point.phase}`)],
  );
  return [...findings, ...points];
}

const unknownState = (states: ReadonlyMap<string, State>, name: string, pointer: string): readonly Finding[] =>
  states.has(name) ? [] : [errorAt(pointer, 'unknown-state', `the definition has no state ${name}`)];

function checkExpression(text: string | undefined, pointer: string): readonly Finding[] {
  if (text === undefined) return [];
  const compiled = compileExpression(expressionBody(text));
  return compiled.ok ? [] : [errorAt(pointer, 'bad-expression', compiled.problem)];
}
