/**
 * Runs by itself in a child process: `node parse-typescript.ts <files…>`, in the folder of the deliverable. Parses each
 * file the way Node will (types removed, then JavaScript) and prints what is wrong as JSON. Nothing is executed.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { Script, SourceTextModule } from 'node:vm';

interface ParseFinding {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
}

function parse(file: string): ParseFinding[] {
  const text = readFileSync(file, 'utf8');
  try {
    parseText(file, text);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ file, line: lineOf(file, error), message: error.message }];
  }
}

function parseText(file: string, text: string): void {
  const withoutTypes = (): string => stripTypeScriptTypes(text, { mode: 'strip', sourceUrl: file });
  switch (extname(file)) {
    case '.json':
      JSON.parse(text);
      break;
    case '.cjs':
      parseScript(file, text);
      break;
    case '.cts':
      parseScript(file, withoutTypes());
      break;
    default:
      // To make the object is to parse the source; only `evaluate` would execute it. Its errors do not name the line.
      new SourceTextModule(withoutTypes(), { identifier: file });
  }
}

/** As Node wraps a CommonJS file, in which `return` is allowed. */
const parseScript = (file: string, source: string) => new Script(`(function () {${source}\n})`, { filename: file });

/** The stack of a syntax error begins with `<file>:<line>`. */
function lineOf(file: string, error: Error): number | null {
  const first = error.stack?.split('\n', 1)[0] ?? '';
  const line = first.startsWith(`${file}:`) ? Number.parseInt(first.slice(file.length + 1), 10) : Number.NaN;
  return Number.isSafeInteger(line) && line > 0 ? line : null;
}

process.stdout.write(JSON.stringify(process.argv.slice(2).flatMap(parse)));
