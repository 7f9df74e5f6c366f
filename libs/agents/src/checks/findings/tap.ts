import { Parser } from 'tap-parser';
import { z } from 'zod';
import type { ToolFinding } from '../../task/outputs.js';

/** What the diagnostics below a failed test hold, as node:test and node-tap write them. */
const Diagnostics = z.looseObject({
  error: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  location: z.string().optional().catch(undefined),
  failureType: z.string().optional().catch(undefined),
  at: z.looseObject({ fileName: z.string().optional(), lineNumber: z.number().optional() }).optional().catch(undefined),
});

const MOST_MESSAGE = 1_000;

const isTap = (text: string): boolean => /^\s*(?:TAP version 1[34]|(?:not )?ok\b|1\.\.\d+)/m.test(text);

/** The Test Anything Protocol, versions 13 and 14. A test that failed because of what is in it says nothing new. */
export function readTap(text: string): readonly ToolFinding[] | null {
  if (!isTap(text)) return null;
  const findings: ToolFinding[] = [];
  listen(new Parser(), findings).end(text);
  return findings;
}

/** The names of the tests that were run, also of those within others; null where the text is no TAP. */
export function tapTests(text: string): readonly string[] | null {
  if (!isTap(text)) return null;
  const names: string[] = [];
  const count = (parser: Parser): Parser => {
    parser.on('child', (child) => count(child));
    parser.on('assert', ({ name, todo, skip }) => {
      if (!todo && !skip) names.push(name);
    });
    return parser;
  };
  count(new Parser()).end(text);
  return names;
}

function listen(parser: Parser, findings: ToolFinding[]): Parser {
  parser.on('child', (child) => listen(child, findings));
  parser.on('assert', ({ ok, name, diag, todo, skip }) => {
    if (ok || todo || skip) return;
    const { error, message, location, failureType, at } = Diagnostics.safeParse(diag ?? {}).data ?? {};
    if (failureType === 'subtestsFailed') return;
    const [, file, line] = /^(.{1,500}?):(\d+)(?::\d+)?$/.exec(location ?? '') ?? [];
    findings.push({
      file: file ?? at?.fileName ?? null,
      line: line === undefined ? (at?.lineNumber ?? null) : Number(line),
      message: `test ${JSON.stringify(name)}: ${(error ?? message ?? 'failed').trim().slice(0, MOST_MESSAGE)}`,
    });
  });
  return parser;
}
