import { likeness } from '../words.js';
import type { Plan, SourceFile } from './outputs.js';
import { type RequirementPoint, type Requirements, readRequirements } from './requirements.js';
import type { Language, Script } from './script.js';

/** A point of the text and where the deliverable answers it; null: the script does not know it. */
export interface AnsweredPoint extends RequirementPoint {
  readonly answer: string | null;
  readonly isForgotten: boolean;
}

/** A text, and the script that answers it. */
export interface Subject {
  readonly script: Script;
  readonly language: Language;
  readonly title: string;
  readonly points: readonly AnsweredPoint[];
  readonly leftOut: number;
}

/** Alike enough to be the same wish in other words. */
const SAME_POINT = 0.5;
/** A text with more wishes than this that the script does not know is another subject. */
const UNKNOWN_POINTS = 2;

/** The first script that knows the text's subject. The last of `scripts` must fit any text. */
export function subjectOf(text: string, language: Language, scripts: readonly Script[]): Subject {
  const requirements = readRequirements(text);
  for (const script of scripts) {
    const points = answered(text, requirements, script);
    if (points !== null) {
      return { script, language, title: requirements.title, points, leftOut: requirements.leftOut };
    }
  }
  throw new Error('no script fits any text');
}

function answered(text: string, requirements: Requirements, script: Script): readonly AnsweredPoint[] | null {
  const known = script.recognise;
  if (known === null) return requirements.points.map((point, index, all) => listed(point, index, all.length));
  const lower = text.toLowerCase().replaceAll('-', '');
  if (!known.words.every((word) => lower.includes(word))) return null;
  const points = requirements.points.map((point) => {
    const match = nearest(point.text, known.points);
    return { ...point, answer: match?.answer ?? null, isForgotten: match?.forgotten === true };
  });
  const unknown = points.filter((point) => point.answer === null).length + requirements.leftOut;
  return unknown < points.length && unknown <= UNKNOWN_POINTS ? points : null;
}

function nearest<T extends { readonly text: string }>(text: string, known: readonly T[]): T | null {
  const ranked = known
    .map((point) => ({ point, alike: likeness(point.text, text) }))
    .toSorted((one, other) => other.alike - one.alike);
  const best = ranked[0];
  return best !== undefined && best.alike >= SAME_POINT ? best.point : null;
}

/** The script for any text answers a point by listing it; its first plan overlooks the last one, as a hasty reader does. */
const listed = (point: RequirementPoint, index: number, count: number): AnsweredPoint => ({
  ...point,
  answer: `is ${point.id} of the list, and a test asserts that it is there`,
  isForgotten: count > 1 && index === count - 1,
});

/** A folder that is safe in a path and in a command line. */
const PLAIN_FOLDER = /^(?:[a-z0-9_-]+\/){0,8}$/i;

/** The folder in which a plan or a set of files has the deliverable: '' or 'name/'; null where it is not in it. */
export function folderIn(files: readonly Pick<SourceFile, 'path'>[], landmark: string): string | null {
  const found = files.find(({ path }) => path.endsWith(landmark) && PLAIN_FOLDER.test(path.slice(0, -landmark.length)));
  return found === undefined ? null : found.path.slice(0, -landmark.length);
}

/** Where to put the deliverable: on top, or beside files that are there already, in a folder that none of them is in. */
export function folderBeside(subject: Subject, existing: readonly Pick<SourceFile, 'path'>[]): string {
  if (existing.length === 0) return '';
  const taken = new Set(existing.map(({ path }) => path.split('/')[0]?.normalize('NFC').toLowerCase()));
  const { name } = subject.script;
  for (let attempt = 1; ; attempt += 1) {
    const folder = attempt === 1 ? name : `${name}-${attempt}`;
    if (!taken.has(folder)) return `${folder}/`;
  }
}

export const folderOfPlan = (plan: Plan, subject: Subject): string | null =>
  folderIn(plan.files, subject.script.editions[subject.language].landmark);
