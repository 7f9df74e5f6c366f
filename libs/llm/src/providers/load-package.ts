import { TerminalError, toError } from '@baton/contracts';

/** Loads a package that need not be there. Throws TerminalError `model-package-missing`. */
export async function loaded<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    const error = toError(thrown);
    if (!('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw thrown;
    throw new TerminalError(`The package ${name}, which this provider needs, is not installed.`, {
      code: 'model-package-missing',
      next: `Run \`npm install ${name}\`, or set another BATON_PROVIDER.`,
      cause: error,
    });
  }
}
