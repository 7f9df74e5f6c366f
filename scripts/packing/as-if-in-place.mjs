import { dirname, relative } from 'node:path';
import { Visitor } from 'rolldown/utils';

const OWN = /\/(apps|libs)\/[^/]+\/(dist|vendor)\//;

/** @param {string} text @param {{ readonly start: number; readonly end: number; readonly code: string }} place */
const withPlace = (text, { start, end, code }) => text.slice(0, start) + code + text.slice(end);

/**
 * Code finds its neighbours (migrations, prompts, programs for threads) by where it lies, and keeps doing so in a file that is
 * made of it.
 *
 * @param {string} folder that all files of the bundle lie in, or one as deep as it: the way to a module is then the same from each
 * @returns {import('rolldown').Plugin}
 */
export const asIfInPlace = (folder) => ({
  name: 'as-if-in-place',
  transform: {
    filter: { id: OWN, code: /import\.meta\./ },
    handler(code, id) {
      const way = relative(folder, id);
      /** @type {Readonly<Record<string, string>>} */
      const moved = {
        url: `new URL(${JSON.stringify(way)}, import.meta.url).href`,
        dirname: `(import.meta.dirname + ${JSON.stringify(`/${dirname(way)}`)})`,
      };
      /** @type {{ readonly start: number; readonly end: number; readonly code: string }[]} */
      const places = [];
      new Visitor({
        MemberExpression({ object, property, start, end }) {
          if (object.type !== 'MetaProperty') return;
          const known = property.type === 'Identifier' ? moved[property.name] : undefined;
          if (known === undefined)
            throw new Error(`${id} asks for ${code.slice(start, end)}, which a bundle does not know`);
          places.push({ start, end, code: known });
        },
      }).visit(this.parse(code));
      // Each line stays where it was.
      return { code: places.toSorted((a, b) => b.start - a.start).reduce(withPlace, code), map: null };
    },
  },
});
