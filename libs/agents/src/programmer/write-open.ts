import type { OpenJob } from '../model/open-job.js';
import type { Programming } from './programmer-tools.js';
import { writeFilesWithTools } from './write-files.js';

/** Files by any template: what it shows is what the workflow gives it. */
export const writeOpen =
  (programming: Programming): OpenJob =>
  (context, template, { variables, language, files: given, writtenBy: givenBy, made }) =>
    writeFilesWithTools(programming, context, {
      template,
      variables,
      language,
      given,
      givenBy,
      made: made ?? undefined,
    });
