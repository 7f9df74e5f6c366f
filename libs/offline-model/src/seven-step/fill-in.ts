import type { SourceFile } from './outputs.js';
import type { RequirementPoint } from './requirements.js';
import type { AnsweredPoint, Subject } from './subject.js';

/**
 * A deliverable's files are real and run as they stand. Where one of them depends on the text, it has a region
 * between a line with `[baton:<name>]` and one with `[/baton]`; region and both lines are replaced.
 */
const REGION = /^.*\[baton:([a-z-]+)\].*\n[\s\S]*?^.*\[\/baton\].*\n/gm;

export function fillIn(file: SourceFile, subject: Subject): string {
  const isPython = file.path.endsWith('.py');
  const filled = file.content.replace(REGION, (_region, name: string) => {
    switch (name) {
      case 'title':
        return isPython ? `TITLE = ${literal(subject.title)}\n` : `export const title = ${literal(subject.title)};\n`;
      case 'requirements':
        return isPython ? pythonList(subject.points) : typescriptList(subject.points);
      case 'readme-title':
        return `# ${markdown(subject.title)}\n`;
      case 'readme-list':
        return markdownList(subject);
      case 'readme-open':
        return openSection(subject);
      default:
        throw new Error(`${file.path}: unknown region ${name}`);
    }
  });
  // A region that became nothing leaves two empty lines where a paragraph has one.
  return file.path.endsWith('.md') ? filled.replace(/\n{3,}/g, '\n\n') : filled;
}

/** A JSON string is a string literal of TypeScript and of Python too. */
const literal = (text: string): string => JSON.stringify(text);

const typescriptList = (points: readonly RequirementPoint[]): string =>
  [
    'export const requirements: readonly Requirement[] = [',
    ...points.flatMap(({ id, section, text }) => [
      '  {',
      `    id: ${literal(id)},`,
      `    section: ${literal(section)},`,
      `    text: ${literal(text)},`,
      `    force: ${literal(forceOf(text))},`,
      '  },',
    ]),
    '];',
    '',
  ].join('\n');

const pythonList = (points: readonly RequirementPoint[]): string =>
  [
    'REQUIREMENTS = (',
    ...points.flatMap(({ id, section, text }) => [
      '    Requirement(',
      `        ${literal(id)},`,
      `        ${literal(section)},`,
      `        ${literal(text)},`,
      `        ${literal(forceOf(text))},`,
      '    ),',
    ]),
    ')',
    '',
  ].join('\n');

/**
 * How strongly a sentence asks, where its words say so in a language known here. Only what is plainly optional is `may`:
 * nobody misses it when it is not done. “can” often states a duty, and what may not be is forbidden.
 */
function forceOf(text: string): 'must' | 'should' | 'may' | 'unstated' {
  if (
    /\b(?:must|shall|required|may not|cannot|muss|müssen|darf nicht|doit|doivent|debe|deben|deve)\b|必须|必須/iu.test(
      text,
    )
  )
    return 'must';
  if (/\b(?:should|soll|sollte|sollen|devrait|debería|dovrebbe)\b|应该|べき/iu.test(text)) return 'should';
  if (/\bmay\b/.test(text) || /\b(?:optional|optionally|nice to have|optionnel|opcional)\b/i.test(text)) return 'may';
  return 'unstated';
}

/** The characters with which a line of Markdown could become something else. */
const markdown = (text: string): string => text.replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);

function markdownList({ points, leftOut }: Subject): string {
  const lines = points.map(({ id, text }) => `- ${id} ${markdown(text)}`);
  const rest = leftOut === 0 ? [] : ['', `The text has ${leftOut} more points, which are **not** in this list.`];
  return `${[...lines, ...rest].join('\n')}\n`;
}

/** Nothing where every point is answered; else a section that says plainly what is not done. */
function openSection({ points, leftOut }: Subject): string {
  const open = points.filter((point: AnsweredPoint) => point.answer === null);
  if (open.length === 0 && leftOut === 0) return '';
  const rest = leftOut === 0 ? [] : [`- ${leftOut} more points of the text`];
  return ['## Not done', '', ...open.map(({ id, text }) => `- ${id} ${markdown(text)}`), ...rest, '', ''].join('\n');
}
