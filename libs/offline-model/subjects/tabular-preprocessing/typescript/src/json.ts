/** Reading JSON from files: what is not as it should be is an error that names the place. */
import { type ErrorCode, PreprocessingError } from './errors.ts';

export function parseJson(source: string, code: ErrorCode, what: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new PreprocessingError(code, `${what} is not JSON.`);
  }
}

export function fieldsOf(value: unknown, code: ErrorCode, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new PreprocessingError(code, `${place} must be an object.`);
}

export function listOf(value: unknown, code: ErrorCode, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new PreprocessingError(code, `${place} must be a list.`);
}

export function text(value: unknown, code: ErrorCode, place: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PreprocessingError(code, `${place} must be a text that is not empty.`);
}

/** A text that may be empty. */
export function anyText(value: unknown, code: ErrorCode, place: string): string {
  if (typeof value === 'string') return value;
  throw new PreprocessingError(code, `${place} must be a text.`);
}

export function texts(value: unknown, code: ErrorCode, place: string): readonly string[] {
  const list = listOf(value, code, place);
  const strings = list.filter((item) => typeof item === 'string');
  if (strings.length === list.length) return strings;
  throw new PreprocessingError(code, `${place} must be a list of texts.`);
}

export function finiteNumber(value: unknown, code: ErrorCode, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new PreprocessingError(code, `${place} must be a finite number.`);
}

export function oneOf<const Name extends string>(
  names: readonly Name[],
  value: unknown,
  code: ErrorCode,
  place: string,
): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new PreprocessingError(code, `${place} must be one of ${names.join(', ')}.`);
}
