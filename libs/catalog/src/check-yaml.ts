import { describeChangedNumber, isKeptNumber, WRITE_AS_TEXT } from '@baton/contracts';
import { type Document, isNode, isScalar, type LineCounter, type Scalar, visit } from 'yaml';

/**
 * For `parseDocument`: tags beyond those of JSON (`!!binary`, `!!set`, `!!omap`, `!!timestamp`) are errors that name their
 * line, and not values that no JSON stands for.
 */
export const YAML_OPTIONS = { logLevel: 'error', resolveKnownTags: false } as const;

/**
 * Looks for what YAML has and JSON does not: keys that are no texts, merge keys, values of other types, numbers that
 * would become others.
 *
 * @throws Error whose message names what, why, and line and column
 */
export function checkYaml(parsed: Document, lines: LineCounter): void {
  const fail = (node: unknown, message: string): never => {
    const { line, col } = lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0);
    throw new Error(`${message}, at line ${line}, column ${col}`);
  };
  visit(parsed, {
    Pair: (_, { key, value }) => {
      const problem = problemOfKey(key);
      if (problem !== null) fail(key ?? value, problem);
    },
    Scalar: (position, scalar) => {
      const problem = position === 'key' ? null : problemOfValue(scalar);
      if (problem !== null) fail(scalar, problem);
    },
  });
}

function problemOfKey(key: unknown): string | null {
  if (!isScalar(key)) return 'a key is a text, and this one is a list, an object or an alias';
  const { value, source, type } = key;
  if (value === null) return 'a key is a text, and this one is null: put it in quotes if it is meant';
  if (value === '<<' && type === 'PLAIN') {
    return 'merge keys (<<) are no part of YAML 1.2: write the members out, or put the key in quotes if it is meant';
  }
  if (typeof value === 'string' || (source !== undefined && String(value) === source)) return null;
  return `the key ${source ?? String(value)} would become ${String(value)}: put it in quotes`;
}

function problemOfValue({ value, source }: Scalar): string | null {
  if (typeof value === 'number') {
    if (source !== undefined && /^[-+]?\.(?:inf|nan)$/i.test(source))
      return `JSON has no number ${source}: write a finite one`;
    return source === undefined || isKeptNumber(source)
      ? null
      : `${describeChangedNumber(source)}. ${WRITE_AS_TEXT.replace(/\.$/, '')}`;
  }
  const isJson = value === null || typeof value === 'string' || typeof value === 'boolean';
  return isJson ? null : `JSON has no such value as ${source ?? 'this one'}: put it in quotes`;
}
