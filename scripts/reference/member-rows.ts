import { code, sentence } from './markdown.js';
import { type Schema, typeWords } from './schema-words.js';

export const MEMBERS = ['member', 'type', 'required', 'what it is'] as const;

export interface RowOptions {
  /** How deep members of members are shown. */
  readonly depth: number;
  /** What is said of a member where the schema itself says nothing. */
  comment?(path: string): string;
  link?(reference: string): string;
}

/** The rows of a table of what an object holds, with the members of its members as `a.b` and `a[].b`. */
export function memberRows(schema: Schema, options: RowOptions, prefix = ''): readonly (readonly string[])[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const said = member.description ?? options.comment?.(path) ?? '';
    const row = [code(path), typeWords(member, options.link), required.has(name) ? 'yes' : '', sentence(said)];
    if (options.depth <= 1) return [row];
    return [row, ...innerRows(member, { ...options, depth: options.depth - 1 }, path)];
  });
}

function innerRows(member: Schema, options: RowOptions, path: string): readonly (readonly string[])[] {
  if (member.properties !== undefined) return memberRows(member, options, `${path}.`);
  if (member.items !== undefined) return innerRows(member.items, options, `${path}[]`);
  if (member.additionalProperties?.properties !== undefined)
    return memberRows(member.additionalProperties, options, `${path}.*.`);
  return [];
}
