import { DOCUMENT_KEYS, KEYS_IN, MODES, RESOURCES, STATE_KEYS, STATE_TYPES, STEP_KEYS } from './known-words.js';

export interface Completion {
  readonly kind: 'key' | 'value';
  /** Where what was typed so far begins. */
  readonly from: number;
  readonly words: readonly string[];
}

const LINE = /^(\s*)((?:- +)*)(?:(["']?)([^\s"'#:][^"'#:]*)\3:(?:\s|$))?/;

/** What can stand at a place of a text, by what stands around it; null where anything can. */
export function completionAt(text: string, position: number): Completion | null {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const line = text.slice(start, position);
  const value = /^\s*(?:- +)*([A-Za-z]+): +(["']?[^\s"']*)$/.exec(line);
  if (value !== null) {
    const [, key = '', typed = ''] = value;
    const words = valuesOf(key, text);
    return words === null ? null : { kind: 'value', from: position - typed.length, words };
  }
  const key = /^(\s*(?:- +)*)([A-Za-z]*)$/.exec(line);
  if (key === null) return null;
  const [, before = '', typed = ''] = key;
  const words = keysIn(pathAbove(text.slice(0, start), before.length));
  return words === null ? null : { kind: 'key', from: position - typed.length, words };
}

/** The keys that a line stands below, by how far each is indented. @param indent of the line, a dash and what follows it with it */
export function pathAbove(above: string, indent: number): readonly string[] {
  const path: string[] = [];
  let most = indent;
  for (const line of above.split('\n').reverse()) {
    if (most === 0) break;
    const [, spaces = '', dashes = '', , key] = LINE.exec(line) ?? [];
    const at = spaces.length + dashes.length;
    if (key === undefined || at >= most) {
      // An item's own dash says what it is an item of.
      if (dashes !== '' && spaces.length < most && at >= most) most = spaces.length + 1;
      continue;
    }
    path.unshift(key.trim());
    most = dashes === '' ? at : spaces.length;
  }
  return path;
}

function keysIn(path: readonly string[]): readonly string[] | null {
  const parent = path.at(-1);
  if (parent === undefined) return DOCUMENT_KEYS;
  const above = path.at(-2);
  if (above === 'States') return STATE_KEYS;
  if (above === 'steps' && path.length === 2) return STEP_KEYS;
  return KEYS_IN[parent] ?? null;
}

function valuesOf(key: string, text: string): readonly string[] | null {
  if (key === 'Type') return STATE_TYPES;
  if (key === 'Resource') return RESOURCES;
  if (key === 'mode') return MODES;
  if (key === 'End') return ['true'];
  if (key === 'QueryLanguage') return ['JSONata'];
  return ['Next', 'Default', 'StartAt', 'state'].includes(key) ? statesIn(text) : null;
}

/** The names below each `States`, as they are written: a text that is being typed in is seldom one that can be parsed. */
export function statesIn(text: string): readonly string[] {
  const names = new Set<string>();
  let outer: number | null = null;
  let inner: number | null = null;
  for (const line of text.split('\n')) {
    const [, spaces = '', dashes = '', , key] = LINE.exec(line) ?? [];
    if (key === undefined) continue;
    const at = spaces.length + dashes.length;
    if (outer !== null && at <= outer) outer = null;
    if (key === 'States') {
      outer = at;
      inner = null;
    } else if (outer !== null) {
      inner ??= at;
      if (at === inner) names.add(key.trim());
    }
  }
  return [...names];
}
