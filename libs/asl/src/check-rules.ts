import { ErrorName } from './error-names.js';
import { errorAt, type Finding, pointerTo, warningAt } from './finding.js';
import { type Catcher, innerMachines, type Retrier, type State, type StateMachine } from './machine.js';

type Report = (finding: Finding) => void;

/** The language allows no longer name. */
const MAX_NAME_LENGTH = 80;

/** Rules of the language that a run could do without: it would go on, but not as its author thinks. */
export function checkRules(machine: StateMachine, report: Report, pointer = ''): void {
  checkTexts(machine, ['Comment', 'Version'], pointer, report);
  for (const [name, state] of Object.entries(machine.States)) {
    const at = pointerTo(pointerTo(pointer, 'States'), name);
    if (name === '' || [...name].length > MAX_NAME_LENGTH) {
      report(errorAt(at, 'schema', `the name of a state has 1 to ${MAX_NAME_LENGTH} characters`));
    }
    checkTexts(state, ['Comment', 'Label'], at, report);
    if (state.Type === 'Succeed' && state.Assign !== undefined) {
      report(errorAt(pointerTo(at, 'Assign'), 'schema', 'a Succeed state assigns nothing: no state follows it'));
    }
    checkHeartbeat(state, at, report);
    if ('Retry' in state) checkRecoverers(state.Retry ?? [], pointerTo(at, 'Retry'), report);
    if ('Catch' in state) checkRecoverers(state.Catch ?? [], pointerTo(at, 'Catch'), report);
    for (const inner of innerMachines(state)) checkRules(inner.machine, report, inner.path.reduce(pointerTo, at));
  }
}

/** Fields that nothing runs on; whoever shows a definition takes them for texts. */
function checkTexts(holder: object, fields: readonly string[], at: string, report: Report): void {
  for (const [field, value] of Object.entries(holder)) {
    if (!fields.includes(field) || typeof value === 'string') continue;
    report(errorAt(pointerTo(at, field), 'schema', `${field} is a text`));
  }
}

function checkHeartbeat(state: State, at: string, report: Report): void {
  if (state.Type !== 'Task') return;
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = state;
  if (typeof heartbeat !== 'number' || typeof timeout !== 'number' || heartbeat < timeout) return;
  const message = `HeartbeatSeconds is smaller than TimeoutSeconds, which is ${timeout}: a task of that time need not show a sign of life`;
  report(errorAt(pointerTo(at, 'HeartbeatSeconds'), 'schema', message));
}

function checkRecoverers(rules: readonly (Retrier | Catcher)[], pointer: string, report: Report): void {
  for (const [index, rule] of rules.entries()) {
    const at = pointerTo(pointer, index);
    for (const [position, name] of rule.ErrorEquals.entries()) {
      if (!name.startsWith('States.') || KNOWN_ERRORS.has(name)) continue;
      const message = `the language has no error ${name}, so nothing matches it; names that begin with States. are its own`;
      report(warningAt(['ErrorEquals', position].reduce<string>(pointerTo, at), 'unknown-error', message));
    }
    if ('MaxDelaySeconds' in rule && (rule.MaxDelaySeconds ?? 0) < (rule.IntervalSeconds ?? 1)) {
      const message = 'MaxDelaySeconds is below IntervalSeconds: no retry ever waits for the interval';
      report(warningAt(pointerTo(at, 'MaxDelaySeconds'), 'schema', message));
    }
  }
}

/** Those of the language that nothing here raises are known all the same: definitions come from elsewhere too. */
const KNOWN_ERRORS: ReadonlySet<string> = new Set([
  ...Object.values(ErrorName),
  'States.BranchFailed',
  'States.ParameterPathFailure',
  'States.Http.Socket',
]);
