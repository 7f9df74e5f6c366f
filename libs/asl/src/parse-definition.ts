import type { CheckContext } from './check-context.js';
import { checkGraph } from './check-graph.js';
import { checkLoops } from './check-loops.js';
import { checkNames } from './check-names.js';
import { checkProcessorConfig } from './check-processor-config.js';
import { checkRules } from './check-rules.js';
import { checkScopes } from './check-scopes.js';
import { checkState } from './check-state.js';
import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import { isQueryLanguage, type StateMachine } from './machine.js';
import { isNestedWithinBounds, MAX_NESTING } from './nesting.js';
import { languageOf, type ReadableMachine, readableMachine } from './readable-machine.js';

export interface ParseOptions {
  /** Says what is wrong with the Resource of a Task, or null where nothing is. By default any URI will do. */
  readonly checkResource?: (resource: string) => string | null;
  /** The same of the Resource of an ItemReader or a ResultWriter. By default any URI will do. */
  readonly checkItemResource?: CheckContext['checkItemResource'];
}

export type ParsedDefinition =
  /** `findings` are the warnings. */
  | { readonly ok: true; readonly machine: StateMachine; readonly findings: readonly Finding[] }
  /**
   * `machine` is there where only rules are broken that a run can do without: one that began before a rule was checked
   * goes on. `readable` is for further checks and never to be run; null where there is nothing to read.
   */
  | {
      readonly ok: false;
      readonly findings: readonly Finding[];
      readonly machine: StateMachine | null;
      readonly readable: ReadableMachine | null;
    };

/** What can be known of it all only where every state has been read. */
const OF_ALL_STATES: ReadonlySet<Finding['code']> = new Set(['unreachable-state', 'no-end', 'unbounded-loop']);

const anyUri = (resource: string): string | null =>
  /^[A-Za-z][A-Za-z0-9+.-]*:.+$/.test(resource) ? null : 'expected a URI';

const MACHINE_FIELDS = [
  'Comment',
  'QueryLanguage',
  'StartAt',
  'States',
  'TimeoutSeconds',
  'Version',
  'ProcessorConfig',
];

/**
 * Reads a definition in the Amazon States Language. Nothing is run: what can be known beforehand is checked, and every
 * finding points into the definition. A definition with warnings only is good to run.
 */
export function parseDefinition(json: unknown, options: ParseOptions = {}): ParsedDefinition {
  const { machine: sound, hasShape, findings, broken } = readShape(json, options);
  if (!hasShape) {
    const readable = isJsonObject(json) && isNestedWithinBounds(json) ? readableMachine(json, findings) : null;
    const further = readable === null ? [] : checkReadable(readable, findings);
    return { ok: false, findings: [...findings, ...broken, ...further], machine: null, readable };
  }
  const machine = json as StateMachine;
  findings.push(...broken);
  const endless = findings.filter(({ code }) => code === 'no-end').map(({ pointer }) => pointer);
  checkMeaning(machine, (finding) => findings.push(finding), new Set(endless));
  if (!hasErrors(findings)) return { ok: true, machine, findings };
  return { ok: false, findings, machine: sound, readable: { machine, hasHiddenStates: false } };
}

/**
 * The machine of a definition, as `parseDefinition` gives it, for whoever runs it and needs no word about it: without the
 * checks of what it means, which are for those who write definitions. Null where it cannot be run.
 */
export const readDefinition = (json: unknown, options: ParseOptions = {}): StateMachine | null =>
  readShape(json, options).machine;

interface Shape {
  /** Null where it cannot be run. */
  readonly machine: StateMachine | null;
  /** Whether it is a state machine at all, wherever its states lead. */
  readonly hasShape: boolean;
  readonly findings: Finding[];
  /** Rules that a run can do without. */
  readonly broken: readonly Finding[];
}

function readShape(json: unknown, options: ParseOptions): Shape {
  const findings: Finding[] = [];
  const broken: Finding[] = [];
  if (!isNestedWithinBounds(json)) {
    findings.push(errorAt('', 'schema', `a definition is nested at most ${MAX_NESTING} levels deep`));
    return { machine: null, hasShape: false, findings, broken };
  }
  const context: CheckContext = {
    report: (finding) => findings.push(finding),
    reportRule: (finding) => broken.push(finding),
    checkResource: options.checkResource ?? anyUri,
    checkItemResource: options.checkItemResource ?? anyUri,
    checkInnerMachine: checkMachine,
    rootLanguage: isJsonObject(json) && json.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath',
    machineLanguage: 'JSONPath',
    language: 'JSONPath',
  };
  checkMachine(json, '', context);
  if (hasErrors(findings)) return { machine: null, hasShape: false, findings, broken };
  const machine = json as StateMachine;
  checkGraph(machine, context.report);
  return { machine: hasErrors(findings) ? null : machine, hasShape: true, findings, broken };
}

/** @param endless pointers of states of which it was said already that nothing leads from them to an end */
function checkMeaning(
  machine: StateMachine,
  report: (finding: Finding) => void,
  endless: ReadonlySet<string> = new Set(),
): void {
  const loops: Finding[] = [];
  checkLoops(machine, (finding) => loops.push(finding));
  for (const loop of loops) if (!endless.has(loop.pointer)) report(loop);
  checkScopes(machine, report);
  checkRules(machine, report);
  checkNames(machine, report);
}

/** What can be said beside the errors of the shape. What stands in for a state must not be blamed, nor for what it lacks. */
function checkReadable({ machine, hasHiddenStates }: ReadableMachine, known: readonly Finding[]): readonly Finding[] {
  const found: Finding[] = [];
  const report = (finding: Finding): unknown => found.push(finding);
  checkGraph(machine, report);
  checkMeaning(machine, report);
  const said = new Set(known.map(({ pointer }) => pointer));
  return found.filter(
    ({ code, pointer }) =>
      !OF_ALL_STATES.has(code) &&
      !said.has(pointer) &&
      !(hasHiddenStates && code === 'unknown-name') &&
      // A machine whose states cannot be read begins with one that is not there.
      !(code === 'unknown-state' && said.has(pointer.replace(/StartAt$/, 'States'))),
  );
}

const hasErrors = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'error');

/** Checks the shape of a state machine, and of those inside it. */
function checkMachine(json: unknown, pointer: string, around: CheckContext): void {
  const { report } = around;
  if (!isJsonObject(json)) {
    report(errorAt(pointer, 'schema', 'a state machine is an object'));
    return;
  }
  for (const key of Object.keys(json)) {
    if (!MACHINE_FIELDS.includes(key)) {
      report(errorAt(pointerTo(pointer, key), 'schema', `a state machine has no field ${key}`));
    }
  }
  if (json.ProcessorConfig !== undefined) {
    checkProcessorConfig(json.ProcessorConfig, pointerTo(pointer, 'ProcessorConfig'), around);
  }
  const language = json.QueryLanguage ?? around.machineLanguage;
  if (!isQueryLanguage(language)) {
    report(errorAt(pointerTo(pointer, 'QueryLanguage'), 'schema', 'QueryLanguage is JSONata or JSONPath'));
    const meant = { ...json, QueryLanguage: languageOf(json) };
    checkMachine(meant, pointer, pointer === '' ? { ...around, rootLanguage: meant.QueryLanguage } : around);
    return;
  }
  if (language === 'JSONPath' && around.rootLanguage === 'JSONata') {
    const message = 'QueryLanguage cannot be JSONPath inside a definition in JSONata';
    report(errorAt(pointerTo(pointer, 'QueryLanguage'), 'schema', message));
    checkMachine(json, pointer, { ...around, rootLanguage: 'JSONPath' });
    return;
  }
  if (json.TimeoutSeconds !== undefined)
    checkTimeout(json.TimeoutSeconds, pointerTo(pointer, 'TimeoutSeconds'), around);
  if (typeof json.StartAt !== 'string')
    report(errorAt(pointer, 'schema', 'StartAt names the first state; it is missing'));
  const states = json.States;
  if (!isJsonObject(states) || Object.keys(states).length === 0) {
    report(errorAt(pointerTo(pointer, 'States'), 'schema', 'States is an object with at least one state'));
    return;
  }
  warnOfLanguage(json, states, pointer, around);
  for (const [name, state] of Object.entries(states)) {
    checkState(state, pointerTo(pointerTo(pointer, 'States'), name), {
      ...around,
      machineLanguage: language,
      language,
    });
  }
}

/** Up to 0.1 the states of such a machine took over the language of the Map or Parallel: authors may still expect it. */
function warnOfLanguage(machine: JsonObject, states: JsonObject, pointer: string, around: CheckContext): void {
  const { language, machineLanguage, report } = around;
  if (machine.QueryLanguage !== undefined || language === machineLanguage) return;
  const names = Object.entries(states).flatMap(([name, state]) =>
    isJsonObject(state) && state.QueryLanguage === undefined ? [name] : [],
  );
  if (names.length === 0) return;
  const message = `the states ${names.slice(0, 5).join(', ')} are in ${machineLanguage}, the language of the machine around, though the state around is in ${language}: where they should be in ${language}, too, set QueryLanguage here (workflows published before Baton read it so keep their meaning)`;
  report(warningAt(pointer, 'query-language', message));
}

function checkTimeout(value: Json, pointer: string, { report }: CheckContext): void {
  const isSeconds = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 99_999_999;
  if (!isSeconds) report(errorAt(pointer, 'schema', 'expected a whole number of seconds from 1'));
  else if (/\/States\//.test(pointer)) {
    report(
      warningAt(pointer, 'not-supported', 'a time limit holds for the whole definition; inside a state it is ignored'),
    );
  }
}
