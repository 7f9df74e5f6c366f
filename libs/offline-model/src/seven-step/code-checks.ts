import { coverage, tellingWords } from '../words.js';
import type { Code, Plan } from './outputs.js';
import { isSafePath } from './paths.js';
import { type Finding, finding, findingIf } from './score.js';
import { isAboutFailure, isTestFile, SOURCE_FILE } from './signs.js';
import type { Subject } from './subject.js';

/** A point counts as met when the code, its comments, tests and README together have this share of its telling words. */
const MET = 0.5;
const SINGLE_ISSUES = 5;
const MAX_LINES = 300;

/** Step 5a: does the code do what plan and requirements say, as far as words and names show it? */
export function codeFindings(code: Code, plan: Plan, subject: Subject): readonly Finding[] {
  return [...agreementWithPlan(code, plan), ...agreementWithText(code, plan, subject), ...wholeness(code, subject)];
}

/** Step 5b: does the code keep the customs of its language and of this project? */
export function customFindings(code: Code, plan: Plan, subject: Subject): readonly Finding[] {
  return [...agreementWithPlan(code, plan), ...wholeness(code, subject), ...customs(planned(code, plan), subject)];
}

/** The files that were to be made. The code may have others, which came with the run and are nobody's to judge here. */
function planned(code: Code, plan: Plan): Code {
  const paths = new Set(plan.files.map(({ path }) => path));
  const files = code.files.filter(({ path }) => paths.has(path));
  return files.length === 0 ? code : { ...code, files };
}

function agreementWithPlan(code: Code, plan: Plan): readonly Finding[] {
  const paths = new Set(code.files.map(({ path }) => path));
  const absent = plan.files.filter(({ path }) => !paths.has(path));
  const text = code.files.map(({ content }) => content).join('\n');
  const unknown = plan.interfaces.flatMap(({ name }) => namesIn(name)).filter((name) => !text.includes(name));
  return [
    ...absent.slice(0, SINGLE_ISSUES).map(({ path, purpose }) => ({
      ...finding('alignment', 'major', path),
      problem: `The plan has this file (${purpose}), the code has not.`,
      fix: 'Write it, or say why it is not needed.',
    })),
    ...findingIf(absent.length > SINGLE_ISSUES, {
      ...finding('alignment', 'critical', 'files'),
      problem: `${absent.length - SINGLE_ISSUES} more planned files are missing.`,
      fix: 'Go through the planned files one by one.',
    }),
    ...findingIf(unknown.length > 0, {
      ...finding('compatibility', 'major', 'interfaces'),
      problem: `Planned names that occur nowhere in the code: ${unknown.slice(0, 5).join(', ')}.`,
      fix: 'Keep the interface that was planned.',
    }),
  ];
}

/** The identifiers of an interface's name: `fit(table, config)` is about `fit`. */
const namesIn = (name: string): readonly string[] => (/[\p{L}_$][\p{L}\p{N}_$]*/u.exec(name) ?? []).slice(0, 1);

function agreementWithText(code: Code, plan: Plan, subject: Subject): readonly Finding[] {
  const words = tellingWords([code.notes, ...code.files.map(({ content }) => content)].join('\n'));
  const asked = plan.openQuestions.join('\n');
  const open = subject.points.filter(({ text }) => asked.includes(text));
  const missing = subject.points.filter((point) => !open.includes(point) && coverage(point.text, words) < MET);
  return [
    ...missing.slice(0, SINGLE_ISSUES).map(({ id, text }) => ({
      ...finding('alignment', 'major', `requirements ${id}`),
      problem: `No trace of ${id} “${text}” in code, tests or README.`,
      fix: 'Do it and test it.',
    })),
    ...findingIf(missing.length > SINGLE_ISSUES, {
      ...finding('alignment', 'critical', 'requirements'),
      problem: `${missing.length - SINGLE_ISSUES} more requirements have left no trace.`,
      fix: 'Go through the requirements one by one.',
    }),
    ...open.map(({ id, text }) => ({
      ...finding('alignment', 'minor', `openQuestions ${id}`),
      problem: `${id} “${text}” was left open in the plan and is not done.`,
      fix: 'Decide who does it.',
    })),
  ];
}

function wholeness(code: Code, { language }: Subject): readonly Finding[] {
  const paths = code.files.map(({ path }) => path);
  const unsafe = paths.filter((path) => !isSafePath(path));
  const tests = code.files.filter(({ path }) => isTestFile(path));
  return [
    ...findingIf(unsafe.length > 0, {
      ...finding('compatibility', 'critical', 'files'),
      problem: `Not a safe relative path: ${unsafe.slice(0, 5).join(', ')}.`,
      fix: 'Keep every file below the project folder.',
    }),
    ...findingIf(!paths.some((path) => SOURCE_FILE[language].test(path) && !isTestFile(path)), {
      ...finding('alignment', 'critical', 'files'),
      problem: `There is no source file in ${language}.`,
      fix: `Write the module in ${language}.`,
    }),
    ...findingIf(tests.length === 0, {
      ...finding('standardization', 'critical', 'files'),
      problem: 'There are no tests.',
      fix: 'Write the tests of the plan.',
    }),
    ...findingIf(tests.length > 0 && !tests.some(({ content }) => isAboutFailure(content)), {
      ...finding('compatibility', 'major', tests[0]?.path ?? 'files'),
      problem: 'No test is about an error case.',
      fix: 'Test what a caller gets for wrong input.',
    }),
    ...findingIf(code.testCommand.trim() === '', {
      ...finding('compatibility', 'major', 'testCommand'),
      problem: 'It is not said how the tests are run.',
      fix: 'Give the one command that runs them.',
    }),
  ];
}

function customs(code: Code, { language }: Subject): readonly Finding[] {
  const sources = code.files.filter(({ path }) => SOURCE_FILE[language].test(path));
  const long = sources.filter(({ content }) => content.split('\n').length > MAX_LINES);
  const unfinished = sources.filter(({ content }) =>
    /\b(?:TODO|FIXME|XXX)\b|\bdebugger\b|\bbreakpoint\(\)/.test(content),
  );
  const mute = sources.filter(
    ({ path, content }) => !isTestFile(path) && !/\/\*\*|"""/.test(content) && content.trim() !== '',
  );
  return [
    ...readmeFindings(code),
    ...long.map(({ path }) => ({
      ...finding('standardization', 'minor', path),
      problem: `The file is longer than ${MAX_LINES} lines.`,
      fix: 'Divide it by what its parts are for.',
    })),
    ...unfinished.map(({ path }) => ({
      ...finding('standardization', 'major', path),
      problem: 'The file has marks of unfinished work.',
      fix: 'Finish it or take the mark out.',
    })),
    ...findingIf(mute.length > 0, {
      ...finding('standardization', 'major', mute[0]?.path ?? 'files'),
      problem: `Not a word of documentation in ${mute
        .map(({ path }) => path)
        .slice(0, 5)
        .join(', ')}.`,
      fix: 'Document what others call.',
    }),
  ];
}

/** A README must say how to test the module and what happens on wrong input: under a heading, where a reader looks for it. */
function readmeFindings(code: Code): readonly Finding[] {
  const readme = code.files.find(({ path }) => /(?:^|\/)readme\.[a-z]+$/i.test(path));
  if (readme === undefined) {
    return [
      {
        ...finding('standardization', 'major', 'README.md'),
        problem: 'There is no README.',
        fix: 'Say what the module is for, how it is used, tested, and what happens on wrong input.',
      },
    ];
  }
  // The title does not count: it may be about failure because the module is.
  const headings = readme.content.split('\n').filter((line) => line.startsWith('##'));
  return [
    ...findingIf(!headings.some(isAboutFailure), {
      ...finding('standardization', 'major', readme.path),
      problem: 'The README does not say what happens on wrong input.',
      fix: 'Add a section on errors: what is refused, and what the message says.',
    }),
    ...findingIf(!headings.some((heading) => /test/i.test(heading)), {
      ...finding('standardization', 'minor', readme.path),
      problem: 'The README does not say how the module is tested.',
      fix: 'Add a section with the command.',
    }),
  ];
}
