import type { Issue, PersonComment, Plan, Review } from './outputs.js';
import { isSafePath } from './paths.js';
import type { AnsweredPoint, Subject } from './subject.js';

/** The plan the script stands for: nothing forgotten. */
function wholePlan(subject: Subject, folder: string): Plan {
  const { script, language, points, leftOut } = subject;
  const edition = script.editions[language];
  return {
    goal: script.goal.replaceAll('{title}', () => subject.title),
    components: [...script.components, ...sectionsOf(subject)],
    files: edition.files.map(({ path, purpose }) => ({ path: `${folder}${path}`, purpose })),
    interfaces: [...edition.interfaces],
    testPlan: [...points.filter((point) => point.answer !== null).map(testOf), ...script.testPlan],
    risks: [...script.risks],
    openQuestions: [...script.openQuestions, ...openPoints(points, leftOut)],
    answers: [],
  };
}

/** A text without a script of its own is at least kept in its own order: a component for each of its sections. */
function sectionsOf({ script, points }: Subject): Plan['components'] {
  const sections = [...new Set(points.map(({ section }) => section))];
  if (script.recognise !== null || sections.length < 2) return [];
  return sections.map((section) => ({
    name: `Section “${section}”`,
    purpose: `Holds ${points.flatMap((point) => (point.section === section ? [point.id] : [])).join(', ')}.`,
  }));
}

const testOf = (point: AnsweredPoint): string => `${point.id} “${point.text}” ${point.answer ?? ''}`.trimEnd();

/** What the script cannot do is asked about, never passed over. */
function openPoints(points: readonly AnsweredPoint[], leftOut: number): readonly string[] {
  const unknown = points
    .filter((point) => point.answer === null)
    .map((point) => `${point.id} “${point.text}” is beyond the offline model: who does it, and how is it checked?`);
  if (leftOut === 0) return unknown;
  return [
    ...unknown,
    `The text has ${leftOut} more points than this plan lists: should it be split into several runs?`,
  ];
}

/** Step 1: the whole plan without what a hasty first draft forgets. */
export function firstPlan(subject: Subject, folder: string): Plan {
  const whole = wholePlan(subject, folder);
  const { forgets } = subject.script;
  const forgotten = subject.points.filter((point) => point.isForgotten).map(testOf);
  return {
    ...whole,
    components: whole.components.filter(({ name }) => !forgets.components.includes(name)),
    interfaces: whole.interfaces.filter(({ name }) => !forgets.interfaces.includes(name)),
    testPlan: whole.testPlan.filter((line) => !forgets.testPlan.includes(line) && !forgotten.includes(line)),
    risks: whole.risks.filter((line) => !forgets.risks.includes(line)),
  };
}

/** Step 3: what the given plan has of use stays, what the whole plan has besides is added, and each issue gets an answer. */
export function revisedPlan(
  subject: Subject,
  folder: string,
  given: Plan,
  { review, comments }: { readonly review: Review; readonly comments: readonly PersonComment[] },
): Plan {
  const whole = wholePlan(subject, folder);
  const merged: Plan = {
    goal: given.goal === '' ? whole.goal : given.goal,
    components: union(whole.components, given.components, ({ name }) => name),
    files: union(
      whole.files,
      given.files.filter(({ path }) => isSafePath(path)),
      ({ path }) => path,
    ),
    interfaces: union(whole.interfaces, given.interfaces, ({ name }) => name),
    testPlan: union(whole.testPlan, given.testPlan, (line) => line),
    risks: union(whole.risks, given.risks, (line) => line),
    openQuestions: union([...whole.openQuestions, ...comments.map(openComment)], given.openQuestions, (line) => line),
    answers: [],
  };
  return {
    ...merged,
    answers: [
      ...review.issues.map((issue) => ({ issueId: issue.id, answer: answerTo(issue, given, merged) })),
      ...comments.map(({ id }) => ({ issueId: id, answer: UNHEARD })),
    ],
  };
}

/** A script understands nobody; it keeps what was asked where the next reader sees it. */
const UNHEARD = 'Kept as an open question: the offline model does not understand what a person asks for.';

const openComment = ({ id, by, comment }: PersonComment): string =>
  `${id}: ${by} asked: “${comment}”. Nothing was done about it: the offline model does not understand it.`;

/** The planned order first, then what only the given plan has. */
function union<T>(planned: readonly T[], given: readonly T[], keyOf: (item: T) => string): T[] {
  const keys = new Set(planned.map(keyOf));
  return [...planned, ...given.filter((item) => keyOf(item) !== '' && !keys.has(keyOf(item)))];
}

const LISTS = ['testPlan', 'components', 'interfaces', 'files', 'risks', 'openQuestions'] as const;

/** Says what the revision added at the issue's place; where that is nothing, it says so. */
function answerTo(issue: Issue, given: Plan, merged: Plan): string {
  const added = LISTS.flatMap((list) => newEntries(list, given, merged));
  const point = /\bR\d+\b/.exec(issue.place)?.[0];
  const fitting = added.filter(({ list, entry }) =>
    point === undefined ? issue.place.startsWith(list) : entry.startsWith(`${point} `),
  );
  const named = fitting.slice(0, 3).map(({ list, entry }) => `${list}: ${entry}`);
  if (named.length > 0)
    return `Added ${named.join(' · ')}${fitting.length > 3 ? ` · and ${fitting.length - 3} more` : ''}`;
  return `Left as it is: the offline model has nothing to add at ${issue.place === '' ? 'this place' : issue.place}.`;
}

function newEntries(list: (typeof LISTS)[number], given: Plan, merged: Plan) {
  const before = new Set(given[list].map(entryText));
  return merged[list].map(entryText).flatMap((entry) => (before.has(entry) ? [] : [{ list, entry }]));
}

const entryText = (entry: string | { name: string } | { path: string }): string =>
  typeof entry === 'string' ? entry : 'name' in entry ? entry.name : entry.path;
