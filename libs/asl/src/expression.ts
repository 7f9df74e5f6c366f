import jsonata from '#jsonata';
import { type AtOnce, atOnceOf } from './at-once.js';
import { registerBuiltins } from './builtins.js';
import { inspectSyntax } from './expression-syntax.js';
import { registerFunctions } from './functions.js';
import { type Read, readsInPlace } from './in-place.js';
import { installGuard } from './install-guard.js';
import { namesOfNoInput } from './of-no-input.js';
import { readRegexesAsUnicode } from './unicode-regex.js';

/** A parsed expression, ready to be evaluated any number of times, also concurrently. */
export interface CompiledExpression {
  readonly text: string;
  readonly program: jsonata.Expression;
  /** Names that the expression calls as functions. */
  readonly calls: ReadonlySet<string>;
  /** Whether it may call something that is not a function, see `expression-syntax.ts`. */
  readonly mayCallData: boolean;
  /** Variables and functions that it takes from outside. */
  readonly names: ReadonlySet<string>;
  /** The fields of `$states` that it reads. */
  readonly stateFields: ReadonlySet<string>;
  readonly readsAllStates: boolean;
  /** Names, `$` and `$$` that are looked for in an input that no expression has, see `of-no-input.ts`. */
  readonly ofNoInput: ReadonlySet<string>;
  /** What it goes into, where it may be evaluated without somebody who stops it; else null. See `in-place.ts`. */
  readonly reads: readonly Read[] | null;
  /** How it is answered without JSONata, where it is as plain as that; else null. See `at-once.ts`. */
  readonly atOnce: AtOnce | null;
}

export type CompileResult =
  | { readonly ok: true; readonly expression: CompiledExpression }
  | { readonly ok: false; readonly problem: string };

/** Longer texts are refused: the parser is recursive. */
const MAX_EXPRESSION_LENGTH = 16 * 1024;
const CACHE_ENTRIES = 4_000;

const OPEN = '{%';
const CLOSE = '%}';

/** Whether a string of a definition is an expression: it starts with `{%` and ends with `%}`, with nothing outside. */
export const isExpression = (text: string): boolean =>
  text.length >= OPEN.length + CLOSE.length && text.startsWith(OPEN) && text.endsWith(CLOSE);

/** What stands between the brackets. */
export const expressionBody = (text: string): string => text.slice(OPEN.length, -CLOSE.length).trim();

// Definitions repeat: the cache makes an expression cost its parse once a process. Oldest out first, re-used ones stay.
const cache = new Map<string, CompileResult>();

/** Parses an expression, without its brackets. */
export function compileExpression(body: string): CompileResult {
  const known = cache.get(body);
  if (known !== undefined) {
    // Only a full cache evicts, so only then does the order matter.
    if (cache.size > CACHE_ENTRIES / 2) {
      cache.delete(body);
      cache.set(body, known);
    }
    return known;
  }
  const result = compileFresh(body);
  cache.set(body, result);
  if (cache.size > CACHE_ENTRIES) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  return result;
}

function compileFresh(body: string): CompileResult {
  if (body === '') return { ok: false, problem: 'the expression is empty' };
  if (body.length > MAX_EXPRESSION_LENGTH) {
    return { ok: false, problem: `the expression is longer than ${MAX_EXPRESSION_LENGTH} characters` };
  }
  try {
    const program = jsonata(body);
    readRegexesAsUnicode(program.ast());
    const syntax = inspectSyntax(program.ast());
    if (syntax.unsafeRegex !== null) {
      return {
        ok: false,
        problem: `the regular expression ${syntax.unsafeRegex} repeats a repetition, which can take for ever; repeat once`,
      };
    }
    // The transform operator calls it without naming it.
    registerBuiltins(program, new Set([...syntax.names, 'clone']));
    registerFunctions(program);
    installGuard(program);
    const { unsafeRegex: _, ...rest } = syntax;
    // What it binds and then calls is known only when it is called.
    const reads = syntax.mayCallData ? null : readsInPlace(program.ast());
    const ofNoInput = namesOfNoInput(program.ast());
    const atOnce = atOnceOf(program.ast());
    return { ok: true, expression: { text: body, program, ...rest, ofNoInput, reads, atOnce } };
  } catch (thrown) {
    return { ok: false, problem: describeJsonataError(thrown) };
  }
}

/** JSONata throws plain objects with a code; a bug in it, or a stack overflow of its parser, throws an Error. */
export function describeJsonataError(thrown: unknown): string {
  if (thrown instanceof RangeError) return 'it is nested too deeply';
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? `${thrown.code}: ` : '';
  const message = 'message' in thrown && typeof thrown.message === 'string' ? cut(thrown.message) : 'unknown problem';
  const position =
    'position' in thrown && typeof thrown.position === 'number' ? ` (at character ${thrown.position})` : '';
  return `${code}${message}${position}`;
}

/** An expression chooses its own words, and its error stands in half a dozen events. */
const MOST_OF_MESSAGE = 8_000;

const cut = (text: string): string => (text.length > MOST_OF_MESSAGE ? `${text.slice(0, MOST_OF_MESSAGE)} …` : text);
