import { cursorOn, problemAt, SyntaxProblem, skipSpace } from './cursor.js';
import { parseQuery, type Query } from './intrinsic.js';
import type { Path } from './path.js';

export type CompiledQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problem: string };

/** Longer texts are refused, as long JSONata expressions are. */
const MAX_QUERY_LENGTH = 16 * 1024;
const CACHE_ENTRIES = 4_000;

// Definitions repeat: a path costs its parse once a process. First in, first out.
const cache = new Map<string, CompiledQuery>();

/** Parses a path, or a call of an intrinsic function. */
export function compileQuery(text: string): CompiledQuery {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const compiled = compileFresh(text);
  cache.set(text, compiled);
  if (cache.size > CACHE_ENTRIES) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  return compiled;
}

function compileFresh(text: string): CompiledQuery {
  if (text.length > MAX_QUERY_LENGTH) return { ok: false, problem: `it is longer than ${MAX_QUERY_LENGTH} characters` };
  if (/^\s/.test(text)) return { ok: false, problem: 'it begins with a blank, where $ or States. is expected' };
  const cursor = cursorOn(text);
  try {
    const query = parseQuery(cursor);
    skipSpace(cursor);
    if (cursor.at < text.length) throw problemAt(cursor, 'expected the end');
    return { ok: true, query };
  } catch (thrown) {
    if (thrown instanceof SyntaxProblem) return { ok: false, problem: thrown.message };
    throw thrown;
  }
}

/** A path alone: no call. Null where the text is none. */
export function compilePath(text: string): Path | null {
  const compiled = compileQuery(text);
  return compiled.ok && compiled.query.kind === 'path' ? compiled.query.path : null;
}
