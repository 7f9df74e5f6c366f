import { inspect, types } from 'node:util';
import { storableText, TerminalError } from '@baton/contracts';
import type { TaskFailure } from './task-handler.js';

/*
 * Whatever a worker throws becomes one failure, which the workflow's Retry and Catch decide on. Nothing about the thrown is
 * believed: it need not be an error, its properties need not be what errors have, and to read one may throw again, so each
 * look at it is guarded. What cannot be read is left out.
 */

/** What the language allows for the name of an error. */
const MAX_NAME_LENGTH = 256;
/** More would be cut off on the way anyhow. */
const MAX_TEXT_LENGTH = 4_000;
const MAX_CAUSES = 5;
const MAX_ERRORS = 10;

/** What is inherited by a class that sets no `name`, and would say nothing in a workflow. */
const INHERITED_NAMES = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError']);
const UNNAMED = 'Error';

/** The failure that something thrown stands for. Never throws; its texts are bounded, and can be stored. */
export function thrownFailure(thrown: unknown): TaskFailure {
  // One that rejects while nobody waits for it would end the process.
  if (types.isPromise(thrown)) thrown.catch(() => {});
  const cause = storable(withCauses(thrown), MAX_TEXT_LENGTH);
  return { ok: false, error: storable(nameOf(thrown), MAX_NAME_LENGTH), cause, retryable: !isTerminal(thrown) };
}

const storable = (text: string, most: number): string =>
  storableText(text.length > most ? `${text.slice(0, most - 2)} …` : text);

/** Its name; the name of its class where it has none of its own. */
function nameOf(thrown: unknown): string {
  if (!isObject(thrown)) return UNNAMED;
  const name = textAt(thrown, 'name');
  if (name !== null && !INHERITED_NAMES.has(name)) return name;
  const made = read(() => Reflect.get(thrown, 'constructor'));
  const className = isObject(made) ? textAt(made, 'name') : null;
  return className === null || className === 'Object' ? UNNAMED : className;
}

/** What it says, and what those say that caused it. A text that repeats what its cause says is not followed by it. */
function withCauses(thrown: unknown): string {
  const seen = new Set<unknown>([thrown]);
  let text = textOf(thrown);
  for (let cause = causeOf(thrown); cause !== null && seen.size < MAX_CAUSES; cause = causeOf(cause)) {
    if (seen.has(cause)) break;
    seen.add(cause);
    const said = textOf(cause);
    if (said !== '' && !text.includes(said)) {
      text += `${text === '' ? 'Caused' : '; caused'} by ${titled(cause, said)}`;
    }
  }
  return text;
}

const causeOf = (thrown: unknown): unknown =>
  (isObject(thrown) ? read(() => Reflect.get(thrown, 'cause')) : undefined) ?? null;

const titled = (thrown: unknown, said: string): string => {
  const name = nameOf(thrown);
  return name === UNNAMED ? said : `${name}: ${said}`;
};

/** What one thrown value says of itself, without its causes. */
function textOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (!isObject(thrown)) return inspected(thrown);
  if (types.isPromise(thrown)) return 'A promise was thrown; its await may be missing.';
  const own = messageOf(thrown);
  const parts = [own, textAt(thrown, 'next'), errorsOf(thrown)].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(' ') : contentOf(thrown);
}

/** Null where it has none. Some libraries put a list where others have a sentence. */
function messageOf(thrown: object): string | null {
  const message = read(() => Reflect.get(thrown, 'message'));
  if (typeof message === 'string') return message === '' ? null : message;
  if (message === undefined || message === null) return null;
  const parts = read(() =>
    Array.isArray(message) && message.every((part) => typeof part === 'string') ? message : null,
  );
  return Array.isArray(parts) ? parts.join('; ') : contentOf(message);
}

/** What an AggregateError holds. */
function errorsOf(thrown: object): string | null {
  const texts = read(() => {
    const errors: unknown = Reflect.get(thrown, 'errors');
    if (!Array.isArray(errors) || errors.length === 0) return null;
    const more = errors.length - MAX_ERRORS;
    const told = errors.slice(0, MAX_ERRORS).map((error) => titled(error, shallowTextOf(error)));
    return `(${[...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')})`;
  });
  return typeof texts === 'string' ? texts : null;
}

/** Errors within errors are not followed further: they may contain each other. */
const shallowTextOf = (thrown: unknown): string =>
  typeof thrown === 'string' ? thrown : ((isObject(thrown) ? messageOf(thrown) : null) ?? inspected(thrown));

/** The value itself: as JSON where that says what it holds, which a workflow can read, or else as Node shows it. */
function contentOf(value: unknown): string {
  const held = types.isNativeError(value) ? read(() => ({ ...value })) : value;
  if (held !== value && isObject(held) && Object.keys(held).length === 0) return '';
  const json = isPlain(held) ? read(() => JSON.stringify(held)) : undefined;
  return typeof json === 'string' ? json : inspected(held);
}

/** Not a class's own, which may keep what it holds where JSON does not look, nor a proxy, which may make it up. */
const isPlain = (value: unknown): boolean =>
  !types.isProxy(value) &&
  (Array.isArray(value) || (isObject(value) && read(() => PLAIN.has(Object.getPrototypeOf(value))) === true));

const PLAIN: ReadonlySet<unknown> = new Set([Object.prototype, null]);

function inspected(value: unknown): string {
  const shown = read(() =>
    inspect(value, {
      depth: 4,
      compact: true,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 50,
      maxStringLength: MAX_TEXT_LENGTH,
      customInspect: false,
      showProxy: true,
    }),
  );
  // The stack of an error is for the log of the worker.
  if (typeof shown === 'string') return shown.replaceAll(/\n\s+at .*/g, '');
  return 'It threw something that cannot be shown.';
}

const isTerminal = (thrown: unknown): boolean => read(() => thrown instanceof TerminalError) === true;

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** A property that is a text with something in it; null where it is anything else. */
function textAt(holder: object, property: string): string | null {
  const value = read(() => Reflect.get(holder, property));
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Undefined where to look throws. */
function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
