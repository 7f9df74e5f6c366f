import { coverage, tellingWords } from '../words.js';
import type { Plan } from './outputs.js';
import { isSafePath } from './paths.js';
import type { RequirementPoint } from './requirements.js';
import { type Finding, finding, findingIf } from './score.js';
import { isAboutFailure, isTestFile, SOURCE_FILE } from './signs.js';
import type { Subject } from './subject.js';

/** A point counts as answered when the plan has at least this share of its telling words. */
const ANSWERED = 0.6;
/** Missing points beyond this many are named in one issue. */
const SINGLE_ISSUES = 5;

/** Step 2: what can be seen wrong in a plan without understanding it. */
export function planFindings(plan: Plan, subject: Subject): readonly Finding[] {
  return [...alignmentOf(plan, subject), ...standardsOf(plan, subject), ...compatibilityOf(plan)];
}

function alignmentOf(plan: Plan, subject: Subject): readonly Finding[] {
  const open = subject.points.filter((point) => isCited(point, plan.openQuestions));
  const asked = subject.points.filter((point) => !open.includes(point));
  const missing = unanswered(plan, asked);
  const rest = missing.slice(SINGLE_ISSUES).map(({ id }) => id);
  return [
    ...findingIf(plan.goal.trim() === '', {
      ...finding('alignment', 'critical', 'goal'),
      problem: 'The plan has no goal.',
      fix: 'Say in one sentence what is built.',
    }),
    ...missing.slice(0, SINGLE_ISSUES).map(({ id, text }) => ({
      ...finding('alignment', 'major', `requirements ${id}`),
      problem: `Nothing in the plan answers ${id} “${text}”.`,
      fix: 'Plan where it is done and the test that shows it.',
    })),
    ...findingIf(rest.length > 0, {
      ...finding('alignment', 'critical', 'testPlan'),
      problem: `${rest.length} more requirements have no answer: ${rest.join(', ')}.`,
      fix: 'Go through the requirements one by one.',
    }),
    ...open.map(({ id, text }) => ({
      ...finding('alignment', 'minor', `openQuestions ${id}`),
      problem: `${id} “${text}” is left open.`,
      fix: 'Answer the open question, or drop the requirement.',
    })),
    ...findingIf(subject.leftOut > 0, {
      ...finding('alignment', 'minor', 'openQuestions'),
      problem: `${subject.leftOut} points of the text are more than this review reads.`,
      fix: 'Split the text into several runs.',
    }),
  ];
}

/** A plan that cites requirements by their ids must cite each; any other plan is searched for their words. */
function unanswered(plan: Plan, points: readonly RequirementPoint[]): readonly RequirementPoint[] {
  const lines = [...plan.testPlan, ...plan.components.map(({ name, purpose }) => `${name} ${purpose}`)];
  const cited = points.filter((point) => isCited(point, lines));
  if (cited.length > 0) return points.filter((point) => !cited.includes(point));
  const interfaces = plan.interfaces.map(({ name, description }) => `${name} ${description}`);
  const words = tellingWords(
    [plan.goal, ...lines, ...interfaces, ...plan.files.map(({ purpose }) => purpose)].join('\n'),
  );
  return points.filter(({ text }) => coverage(text, words) < ANSWERED);
}

/** The id alone proves nothing, because another planner may number the points in its own way: the words must be there too. */
const isCited = ({ id, text }: RequirementPoint, lines: readonly string[]): boolean =>
  lines.some((line) => new RegExp(`\\b${id}\\b`).test(line) && coverage(text, tellingWords(line)) >= ANSWERED);

function standardsOf(plan: Plan, { language }: Subject): readonly Finding[] {
  const paths = plan.files.map(({ path }) => path);
  const unsafe = paths.filter((path) => !isSafePath(path));
  const repeated = paths.filter((path, index) => paths.indexOf(path) !== index);
  return [
    ...findingIf(plan.components.length === 0, {
      ...finding('standardization', 'major', 'components'),
      problem: 'The plan names no component.',
      fix: 'Name the parts and what each is for.',
    }),
    ...findingIf(unsafe.length > 0, {
      ...finding('standardization', 'critical', 'files'),
      problem: `Not a safe relative path: ${unsafe.slice(0, 5).join(', ')}.`,
      fix: 'Use paths below the project folder.',
    }),
    ...findingIf(repeated.length > 0, {
      ...finding('standardization', 'major', 'files'),
      problem: `Planned twice: ${repeated.slice(0, 5).join(', ')}.`,
      fix: 'List each file once.',
    }),
    ...findingIf(!paths.some((path) => SOURCE_FILE[language].test(path)), {
      ...finding('standardization', 'major', 'files'),
      problem: `No file is in ${language}.`,
      fix: `Plan the source files of the ${language} module.`,
    }),
    ...findingIf(!paths.some(isTestFile), {
      ...finding('standardization', 'major', 'files'),
      problem: 'No test file is planned.',
      fix: 'Plan where the tests stand.',
    }),
    ...findingIf(!paths.some((path) => /(?:^|\/)readme/i.test(path)), {
      ...finding('standardization', 'minor', 'files'),
      problem: 'No README is planned.',
      fix: 'Plan one that says how to use and test the module.',
    }),
    ...findingIf(!plan.testPlan.some(isAboutFailure), {
      ...finding('standardization', plan.testPlan.length === 0 ? 'critical' : 'major', 'testPlan'),
      problem: plan.testPlan.length === 0 ? 'There is no test plan.' : 'No planned test is about an error case.',
      fix: 'Plan tests with wrong input, and what must happen then.',
    }),
  ];
}

function compatibilityOf(plan: Plan): readonly Finding[] {
  const incomplete = plan.interfaces.filter(
    ({ signature, description }) => signature.trim() === '' || description.trim() === '',
  );
  const speaksOfFailure = plan.interfaces.some(({ name, description }) => isAboutFailure(`${name} ${description}`));
  return [
    ...findingIf(plan.interfaces.length === 0, {
      ...finding('compatibility', 'critical', 'interfaces'),
      problem: 'The plan defines no interface.',
      fix: 'Give the name, signature and meaning of what callers use.',
    }),
    ...findingIf(incomplete.length > 0, {
      ...finding('compatibility', 'minor', 'interfaces'),
      problem: `Without signature or description: ${incomplete
        .map(({ name }) => name)
        .slice(0, 5)
        .join(', ')}.`,
      fix: 'Complete them.',
    }),
    ...findingIf(plan.interfaces.length > 0 && !speaksOfFailure, {
      ...finding('compatibility', 'major', 'interfaces'),
      problem: 'No interface says what a caller gets when something is wrong.',
      fix: 'Define the errors: what they carry and when they occur.',
    }),
    ...findingIf(plan.risks.length === 0, {
      ...finding('compatibility', 'minor', 'risks'),
      problem: 'No risk is named.',
      fix: 'Name what could go wrong and what is done about it.',
    }),
  ];
}
