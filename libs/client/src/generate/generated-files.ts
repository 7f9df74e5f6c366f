import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Described } from './described.js';
import { pathTypes } from './path-types.js';

/* What is made of openapi.json: the types of all routes, and the schemas that answers are checked with. */

const OPENAPI_FILE = resolve(import.meta.dirname, '../../../../openapi.json');
/** Where it lies: with the sources, also for what was compiled. */
export const GENERATED_DIR = resolve(import.meta.dirname, '../../src/generated');

const MADE = '/* Made of openapi.json by `node libs/client/dist/generate/write-generated.js`. */\n';

/** By method and path, the name of the schema in contracts that an answer has. */
async function answerSchemas(): Promise<string> {
  const { paths }: Described = JSON.parse(await readFile(OPENAPI_FILE, 'utf8'));
  const named = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]): [string, string][] => {
      const names = Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([, { content }]) => content?.['application/json']?.schema.$ref?.split('/').at(-1) ?? []);
      return names.slice(0, 1).map((name) => [`${method.toUpperCase()} ${path}`, name]);
    }),
  );
  const names = [...new Set(named.map(([, name]) => name))].sort();
  return [
    `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '@baton/contracts';`,
    `import type { z } from 'zod';\n`,
    `/** What an answer in JSON is checked with, by method and path. */`,
    `export const ANSWERS: Readonly<Record<string, z.ZodType>> = {`,
    ...named.map(([route, name]) => `  '${route}': ${name},`),
    `};\n`,
  ].join('\n');
}

/** Name and text of each file. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['paths.ts', `${MADE}${await pathTypes(pathToFileURL(OPENAPI_FILE))}`],
    ['answers.ts', `${MADE}${await answerSchemas()}`],
  ]);
