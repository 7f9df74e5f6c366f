import { compileExpression, expressionBody, isExpression } from './expression.js';
import type { Read } from './in-place.js';
import type { Json } from './json.js';

/** Whether any string of the template is an expression. */
export function hasExpressions(template: Json): boolean {
  if (typeof template === 'string') return isExpression(template);
  if (typeof template !== 'object' || template === null) return false;
  return Object.values(template).some(hasExpressions);
}

/** The expressions of a template, with their brackets, in the order in which they stand. */
export function* expressionsIn(template: Json): Generator<string> {
  if (typeof template === 'string') {
    if (isExpression(template)) yield template;
  } else if (typeof template === 'object' && template !== null) {
    for (const item of Object.values(template)) yield* expressionsIn(item);
  }
}

/**
 * More characters than these are not read in place: to read an expression for the first time takes a microsecond for each, and
 * several where it is intricate.
 */
export const MOST_TO_READ = 8_000;

/** Whether the expressions of a template are more than can be read without somebody who stops that. */
export function isLong(template: Json): boolean {
  if (typeof template === 'string') return template.length > MOST_TO_READ;
  let characters = 0;
  for (const text of expressionsIn(template)) {
    characters += text.length;
    if (characters > MOST_TO_READ) return true;
  }
  return false;
}

/** What a template goes into, where its expressions may be evaluated in place; else null. */
export interface TemplateReads {
  readonly reads: readonly Read[];
  /** Names that it calls as functions. */
  readonly calls: ReadonlySet<string>;
}

/** A template is one object for as long as its document is held; one that is a text is found by it. */
const known = new WeakMap<object, TemplateReads | null>();
const knownTexts = new Map<string, TemplateReads | null>();
const CACHE_ENTRIES = 4_000;

export function templateReads(template: Json): TemplateReads | null {
  if (typeof template === 'string') return isExpression(template) ? readsOfText(template) : NOTHING;
  if (typeof template !== 'object' || template === null) return NOTHING;
  const found = known.get(template);
  if (found !== undefined) return found;
  const reads = readsOf(template);
  known.set(template, reads);
  return reads;
}

/** How many characters of a template were not read in this process yet, as far as they would be read in place. */
export function charactersToRead(template: Json): number {
  const isKnown =
    typeof template === 'object' && template !== null ? known.has(template) : knownTexts.has(String(template));
  if (isKnown || isLong(template)) return 0;
  let characters = 0;
  for (const text of expressionsIn(template)) characters += text.length;
  return characters;
}

const NOTHING: TemplateReads = { reads: [], calls: new Set() };

function readsOfText(text: string): TemplateReads | null {
  if (isLong(text)) return null;
  const found = knownTexts.get(text);
  if (found !== undefined) return found;
  const reads = readsOf(text);
  if (knownTexts.size >= CACHE_ENTRIES) knownTexts.clear();
  knownTexts.set(text, reads);
  return reads;
}

function readsOf(template: Json): TemplateReads | null {
  if (isLong(template)) return null;
  const reads: Read[] = [];
  const calls = new Set<string>();
  for (const text of expressionsIn(template)) {
    const compiled = compileExpression(expressionBody(text));
    // What does not parse fails, wherever that is said.
    if (!compiled.ok) continue;
    if (compiled.expression.reads === null) return null;
    reads.push(...compiled.expression.reads);
    for (const name of compiled.expression.calls) calls.add(name);
  }
  return { reads, calls };
}
