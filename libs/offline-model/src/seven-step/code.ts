import { fillIn } from './fill-in.js';
import type { Code, Implementation, PersonComment, Refinement, Review, SourceFile, ToolReport } from './outputs.js';
import { type Mistake, readEdition } from './script.js';
import type { Subject } from './subject.js';

const SCRIPTED =
  'Written by the offline model of Baton: a script, no language model. It does not understand the requirements; what it knows about their subject was written beforehand.';

/** The deliverable without mistakes. Paths are below `folder`. */
async function deliverable(subject: Subject, folder: string): Promise<readonly SourceFile[]> {
  const files = await readEdition(subject.script.name, subject.language);
  return files.map((file) => ({ path: `${folder}${file.path}`, content: fillIn(file, subject) }));
}

/** Step 4: the deliverable with the mistakes of a first attempt in it. */
export async function firstCode(subject: Subject, folder: string): Promise<Implementation> {
  const edition = subject.script.editions[subject.language];
  const files = await deliverable(subject, folder);
  return {
    files: files.map((file) => spoilt(file, folder, edition.mistakes)),
    notes: notesOn(subject),
    testCommand: folder === '' ? edition.testCommand : edition.testCommandIn.replaceAll('{folder}', folder),
  };
}

function spoilt(file: SourceFile, folder: string, mistakes: readonly Mistake[]): SourceFile {
  const content = mistakes
    .filter((mistake) => `${folder}${mistake.file}` === file.path)
    .reduce((text, { find, replace }) => {
      const parts = text.split(find);
      if (parts.length !== 2)
        throw new Error(`${file.path}: the text to spoil occurs ${parts.length - 1} times, not once`);
      return parts.join(replace);
    }, file.content);
  return { ...file, content };
}

function notesOn({ points, leftOut, script }: Subject): string {
  const unknown = points.filter((point) => point.answer === null);
  return [
    SCRIPTED,
    script.recognise === null
      ? 'For this text it has no prepared module: the code is the list of the requirements with checks to fill in, not an implementation of them.'
      : 'For this subject it has a prepared module; every requirement below is answered where it says.',
    ...points.flatMap(({ id, answer }) => (answer === null ? [] : [`${id} ${answer}.`])),
    ...unknown.map(({ id, text }) => `NOT DONE: ${id} “${text}”.`),
    ...(leftOut === 0 ? [] : [`NOT DONE: ${leftOut} more points of the text.`]),
  ].join('\n');
}

/** Step 6: whatever of the given code differs from the deliverable is replaced, and every complaint gets an answer. */
export async function refinedCode(input: {
  readonly subject: Subject;
  /** null: the given code is somebody else's, and the script cannot mend it. */
  readonly folder: string | null;
  readonly given: Code;
  readonly reviews: readonly Review[];
  readonly toolReport: ToolReport;
  readonly comments: readonly PersonComment[];
}): Promise<Refinement> {
  const { subject, folder, given } = input;
  const before = new Map(given.files.map(({ path, content }) => [path, content]));
  const files = folder === null ? [] : await deliverable(subject, folder);
  const changedFiles = files.filter(({ path, content }) => before.get(path) !== content);
  const changed = new Set(changedFiles.map(({ path }) => path));
  const mended = subject.script.editions[subject.language].mistakes
    .map((mistake) => ({ ...mistake, path: `${folder ?? ''}${mistake.file}` }))
    .filter(({ path }) => changed.has(path));
  const issues = input.reviews.flatMap((review) => review.issues);
  return {
    changedFiles,
    removedFiles: [],
    answers: [
      ...input.toolReport.failing.map((tool) => ({ to: tool, answer: answerToTool(mended, input.toolReport, tool) })),
      ...issues.map((issue) => ({ to: issue.id, answer: answerToPlace(mended, issue.place) })),
      ...input.comments.map(({ id }) => ({
        to: id,
        answer: 'Named in the notes: the offline model does not understand what a person asks for.',
      })),
    ],
    notes: [
      SCRIPTED,
      ...mended.map(({ path, wrong, mended: done }) => `${path}: ${wrong} ${done}`),
      ...(changedFiles.length === 0
        ? ['Nothing was changed: the offline model has no better version of these files.']
        : []),
      ...input.comments.map(({ id, by, comment }) => `NOT DONE: ${id} ${by} asked: “${comment}”.`),
    ].join('\n'),
  };
}

type Mended = Mistake & { readonly path: string };

function answerToPlace(mended: readonly Mended[], place: string): string {
  const fitting = mended.find(({ path }) => path === place);
  return fitting === undefined
    ? `Left as it is: the offline model has no better version of ${place === '' ? 'this' : place}.`
    : `${fitting.wrong} ${fitting.mended}`;
}

/** A failing tool names tests or lines; the cause is what was mended in a source file, if anything was. */
function answerToTool(mended: readonly Mended[], report: ToolReport, tool: string): string {
  const causes = mended.filter(({ path }) => !/readme/i.test(path));
  const count = report.tools.find((entry) => entry.tool === tool)?.findings.length ?? 0;
  if (causes.length === 0) return `Left as it is: the offline model does not know why ${tool} fails.`;
  return `${count > 0 ? `${count} finding${count === 1 ? '' : 's'}: ` : ''}${causes
    .map(({ path, wrong, mended: done }) => `${path}: ${wrong} ${done}`)
    .join(' ')}`;
}
