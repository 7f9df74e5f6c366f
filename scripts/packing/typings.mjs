// The types of a package that is made of several private ones: all that its entries say, copied from what the compiler wrote,
// with the names of the private packages turned into paths. TypeScript has no program of its own that puts them together.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageOf, readJson } from './workspaces.mjs';

const SPECIFIER = /((?:from|import)[ (]*')([^']+)(')/g;

/**
 * @param {string} root of the checkout
 * @param {string} to the folder that they go to
 * @param {readonly string[]} entries such as `libs/worker/dist/index.d.ts`
 * @returns {readonly string[]} the packages of others that the types name
 */
export function copyTypings(root, to, entries) {
  /** @type {Set<string>} */
  const outside = new Set();
  const files = new Set(entries.map((entry) => join(root, entry)));
  // Grows while it is walked through.
  for (const file of files) {
    const place = placeOf(root, to, file);
    const text = readFileSync(file, 'utf8').replaceAll(SPECIFIER, (_, before, specifier, after) => {
      const target = targetOf(root, file, specifier);
      if (target === null) {
        if (!specifier.startsWith('node:')) outside.add(packageOf(specifier));
        return `${before}${specifier}${after}`;
      }
      files.add(target);
      const way = relative(dirname(place), placeOf(root, to, target)).replace(/\.d\.ts$/, '.js');
      return `${before}${way.startsWith('.') ? way : `./${way}`}${after}`;
    });
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  }
  return [...outside].sort();
}

/** `libs/worker/dist/index.d.ts` goes to `worker/index.d.ts`. @param {string} root @param {string} to @param {string} file */
const placeOf = (root, to, file) => join(to, relative(join(root, 'libs'), file).replace('/dist/', '/'));

/** Where what is named lies in this checkout; null for a package of others. @param {string} root @param {string} file @param {string} specifier */
function targetOf(root, file, specifier) {
  if (specifier.startsWith('.')) return resolve(dirname(file), specifier).replace(/\.js$/, '.d.ts');
  if (!specifier.startsWith('@baton/')) return null;
  const name = packageOf(specifier);
  const folder = join(root, 'libs', name.slice('@baton/'.length));
  const entry = readJson(join(folder, 'package.json')).exports[`.${specifier.slice(name.length)}`];
  return join(folder, entry.types);
}
