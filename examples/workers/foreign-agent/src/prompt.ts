import { askedOf, type ForeignTask } from './task.ts';

/** The task as a text for an agent that knows nothing of Baton. */
export function promptOf(task: ForeignTask, reportPath: string): string {
  const { requirements, plan, standards, documentationLocations, knownFailures, reviews, toolReport, comments } = task;
  const failed = toolReport?.tools.filter(({ status }) => status === 'failed').map(told) ?? [];
  const parts = [
    '# The task',
    requirements.trim(),
    ...section('The plan', plan),
    ...section('What the work is held to', standards),
    ...section('Documentation', documentationLocations),
    ...section('What failed before anybody worked on it, and is not yours to mend', knownFailures),
    ...(task.code === undefined
      ? []
      : ['# What is to be mended', 'The work of the round before lies in the folder. This was found in it:']),
    ...section('Tools that failed', failed),
    ...section('What people ask for, which goes before all else', comments),
    ...section('What readers found', reviews),
    '# How the work is handed in',
    [
      'Change the files in the current folder. What lies there when you end is the result; what a .gitignore of the folder leaves out, `.git` and `node_modules` are no part of it.',
      'Checks are run on it afterwards, by others.',
      reportWish(reportPath, askedOf(task)),
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

const told = ({ tool, reason, findings }: Readonly<Record<string, unknown>>) => ({ tool, reason, findings });

const reportWish = (path: string, asked: readonly string[]): string =>
  `You may write a JSON object to ${path}: "notes", what a reader must know${
    asked.length === 0 ? '' : `; "answers", an array of { "to", "answer" } with one to each of: ${asked.join(', ')}`
  }.`;

function section(title: string, value: unknown): readonly string[] {
  const isEmpty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return [`## ${title}`, fenced(text)];
}

/** Within a fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
