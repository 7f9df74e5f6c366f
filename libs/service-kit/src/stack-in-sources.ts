import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { resolve } from 'node:path';

/** A place in a file of JavaScript, as a stack names it. */
const PLACE = /(?:file:\/\/)?(\/[^\s()]+\.js):(\d+):(\d+)/g;

function mapOf(file: string): SourceMap | null {
  if (!existsSync(`${file}.map`)) return null;
  // Written by the compiler and the bundler beside what they wrote.
  const payload: SourceMapPayload = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  return new SourceMap(payload);
}

/**
 * A stack with the lines that people wrote instead of those of the bundle, or of what the compiler made. Reads maps of some
 * megabytes: for what is told once, such as the end of a process. Node does the same by `--enable-source-maps`, at the cost of
 * a tenth of a second for each start.
 */
export function stackInSources(stack: string): string {
  const maps = new Map<string, SourceMap | null>();
  const inSource = (place: string, file: string, line: string, column: string): string => {
    const map = maps.get(file) ?? mapOf(file);
    maps.set(file, map);
    const origin = map?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !('fileName' in origin)) return place;
    const { fileName, lineNumber, columnNumber } = origin;
    const source = resolve(file, '..', fileName);
    const found = `${source}:${lineNumber}:${columnNumber}`;
    // The bundle's maps lead to what the compiler wrote, which has its own.
    return source.endsWith('.js') ? found.replace(PLACE, inSource) : found;
  };
  return stack.replace(PLACE, inSource);
}
