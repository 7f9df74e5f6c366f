import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '..');

/** Method and path of every route that a controller has, as their decorators say. */
export function controllerRoutes(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.controller.ts'),
  );
  return files.flatMap((name) => {
    const text = readFileSync(join(SOURCES, name), 'utf8');
    const [, prefix = ''] = /@Controller\('?([^')]*)'?\)/.exec(text) ?? [];
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(([, method = '', path = '']) => {
      const place = [prefix, path].filter((part) => part !== '').join('/');
      return `${method.toUpperCase()} /${place}`;
    });
  });
}
