import type { Json } from '@baton/contracts';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { printable, wrapWords } from '../table.js';

/* What the page of an approval is put together from. */

export type Section = readonly string[];

export const heading = (title: string, lines: readonly string[]): Section =>
  lines.length === 0 ? [] : ['', title, ...lines];

export const listOf = <S extends z.ZodType>(schema: S, ...values: readonly unknown[]): readonly z.output<S>[] =>
  values
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? [parsed.data] : [];
    });

export const indented = (text: string, width: number, indent = '  '): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => wrapWords(printable(line), width - indent.length))
    .map((line) => `${indent}${line}`.trimEnd());

export const yamlLines = (value: Json, width: number): readonly string[] =>
  stringify(value, { lineWidth: width - 2 })
    .trimEnd()
    .split('\n')
    .map((line) => `  ${printable(line)}`);
