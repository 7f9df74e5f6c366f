import { createHash } from 'node:crypto';
import { BatonError, type Json, type JsonObject } from '@baton/contracts';
import { type Hints, NO_HINTS } from '../task/hints.js';
import { DATA_SECTION, previousErrorOf, type SectionName, sectionsFor } from './sections.js';
import { type PlainPart, placeholdersOf, type Template, usualSection } from './template.js';

/** What may stand in the middle of a sentence: nothing that could be read as an instruction. */
const PLAIN_WORD = /^[\w.-]{1,64}$/;

/**
 * Fills a template. Every block value stands between a `BEGIN DATA` and an `END DATA` line that carry a code found in
 * none of the values, so no value can close its own block or imitate another's end. Deterministic: the code comes from
 * the values. What the hints ask for stands in the template's own sections, else at its end. Throws BatonError
 * `template-variables` where variables and placeholders do not match one to one.
 */
export function renderPrompt(template: Template, variables: JsonObject, hints: Hints = NO_HINTS): string {
  checkNames(template, Object.keys(variables));
  const sections = sectionsFor(hints);
  const hasData = sections.includes(DATA_SECTION);
  const previousError = previousErrorOf(hints);
  const code = fenceCode([...Object.values(variables), ...(hasData ? [previousError] : [])].map(asText));
  const fill = (values: JsonObject) => (part: PlainPart) => {
    if (part.type === 'text') return part.text;
    const value = values[part.name] ?? null;
    return part.type === 'block' ? fence(part.name, code, asText(value)) : inline(template, part.name, value);
  };
  return partsWith(template, sections)
    .flatMap((part) => {
      if (part.type !== 'section') return [fill(variables)(part)];
      return sections.includes(part.name) ? part.parts.map(fill({ [DATA_SECTION]: previousError })) : [];
    })
    .join('');
}

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
function fenceCode(texts: readonly string[]): string {
  for (let attempt = 0; ; attempt += 1) {
    const hash = createHash('sha256').update(String(attempt));
    for (const text of texts) hash.update(`\0${text}`);
    const code = hash.digest('hex').slice(0, 12);
    if (!texts.some((text) => text.includes(code))) return code;
  }
}
