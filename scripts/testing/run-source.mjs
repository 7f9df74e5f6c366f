// Lets Node run the TypeScript sources as they are: `node --conditions=@baton/source --import …/run-source.mjs file.ts`.
// Node strips types by itself; what it does not do is find `./x.ts` behind an import of `./x.js`. Not for files with decorators.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
      return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
