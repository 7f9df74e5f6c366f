import { createHash } from 'node:crypto';
import { BatonError, type Json, type JsonObject } from '@baton/contracts';
import { type Hints, NO_HINTS } from '../task/hints.js';
import { DATA_SECTION, previousErrorOf, type SectionName, sectionsFor } from './sections.js';
import { type PlainPart, placeholdersOf, type Template, usualSection } from './template.js';

/** What may stand in the middle of a sentence: nothing that could be read as an instruction. */
const PLAIN_WORD = /^[\w.-]{1,64}$/;

/** A stretch of a prompt: what it shows, or `instructions` for the words of the template itself. */
export interface RenderedPart {
  readonly name: string;
  readonly text: string;
}

/** Data that stands before all that the template says. */
export interface Lead {
  readonly intro: string;
  readonly name: string;
  readonly text: string;
}

export interface Rendering {
  readonly hints?: Hints;
  /** What makes the marks of a run its own: with it they stay the same from question to question, and so does what a cache holds. */
  readonly salt?: string;
  readonly leads?: readonly Lead[];
}

const INSTRUCTIONS = 'instructions';

/**
 * Fills a template. Every block value stands between a `BEGIN DATA` and an `END DATA` line that carry a code found in
 * none of the values, so no value can close its own block or imitate another's end. Deterministic: the code comes from
 * the values, or from the salt. What the hints ask for stands in the template's own sections, else at its end. Throws BatonError
 * `template-variables` where variables and placeholders do not match one to one.
 */
export function renderParts(
  template: Template,
  variables: JsonObject,
  { hints = NO_HINTS, salt, leads = [] }: Rendering = {},
): readonly RenderedPart[] {
  checkNames(template, Object.keys(variables));
  const sections = sectionsFor(hints);
  const hasData = sections.includes(DATA_SECTION);
  const previousError = previousErrorOf(hints);
  const values = [...Object.values(variables), ...(hasData ? [previousError] : [])].map(asText);
  const code = fenceCode([...values, ...leads.map(({ text }) => text)], salt);
  const fill = (given: JsonObject) => (part: PlainPart) => {
    if (part.type === 'text') return { name: INSTRUCTIONS, text: part.text };
    const { name } = part;
    const value = given[name] ?? null;
    return { name, text: part.type === 'block' ? fence(name, code, asText(value)) : inline(template, name, value) };
  };
  return [
    ...leads.map(({ intro, name, text }) => ({ name, text: `${intro}\n\n${fence(name, code, text)}\n\n` })),
    ...partsWith(template, sections).flatMap((part) => {
      if (part.type !== 'section') return [fill(variables)(part)];
      return sections.includes(part.name) ? part.parts.map(fill({ [DATA_SECTION]: previousError })) : [];
    }),
  ];
}

/** The same as one text. */
export const renderPrompt = (template: Template, variables: JsonObject, hints: Hints = NO_HINTS): string =>
  renderParts(template, variables, { hints })
    .map(({ text }) => text)
    .join('');

/** The parts, with the usual sections for those that the template lacks. */
function partsWith({ parts }: Template, sections: readonly SectionName[]): Template['parts'] {
  const lacks = (name: SectionName): boolean => !parts.some((part) => part.type === 'section' && part.name === name);
  return [...parts, ...sections.filter(lacks).map(usualSection)];
}

/** Adds blocks of data to a prompt that is already rendered, each after a sentence that introduces it. */
export function appendBlocks(
  prompt: string,
  blocks: readonly { readonly intro: string; readonly name: string; readonly text: string }[],
  closing: string,
): string {
  const code = fenceCode([prompt, ...blocks.map((block) => block.text)]);
  const added = blocks.map(({ intro, name, text }) => `${intro}\n\n${fence(name, code, text)}`);
  return [prompt, ...added, closing].join('\n\n');
}

function checkNames(template: Template, given: readonly string[]): void {
  const known = placeholdersOf(template);
  const missing = known.filter((name) => !given.includes(name));
  const unused = given.filter((name) => !known.includes(name));
  if (missing.length === 0 && unused.length === 0) return;
  const reasons = [
    ...(missing.length === 0 ? [] : [`no value for ${missing.join(', ')}`]),
    ...(unused.length === 0 ? [] : [`no place for ${unused.join(', ')}`]),
  ];
  throw variablesError(template, reasons.join('; '));
}

function inline(template: Template, name: string, value: Json): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && PLAIN_WORD.test(value)) return value;
  throw variablesError(template, `{{${name}}} stands within a line, where only a number or one plain word may go`);
}

const variablesError = (template: Template, reason: string): BatonError =>
  new BatonError(`The prompt template ${template.id} cannot be filled: ${reason}.`, {
    code: 'template-variables',
    next: "Compare the template's placeholders with the arguments of its task.",
  });

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

const fence = (name: string, code: string, text: string): string =>
  `BEGIN DATA ${name} ${code}\n${text}\nEND DATA ${name} ${code}`;

/** Twelve hex digits that occur in none of the texts. */
function fenceCode(texts: readonly string[], salt?: string): string {
  const source = salt === undefined ? texts : [salt];
  for (let attempt = 0; ; attempt += 1) {
    const hash = createHash('sha256').update(String(attempt));
    for (const text of source) hash.update(`\0${text}`);
    const code = hash.digest('hex').slice(0, 12);
    if (!texts.some((text) => text.includes(code))) return code;
  }
}
