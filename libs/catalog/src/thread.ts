import { answer, TASKS, type Tasks, type ThreadCall } from '@baton/threads';
import { checkDocument } from './check-document.js';
import { considerStanding } from './consider-standing.js';
import { parseYaml } from './parse-yaml.js';

/** More than a request may be in the first place: what aliases make of a text is another thing. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

const CATALOG_TASKS: Tasks = {
  ...TASKS,
  'check-document': ([json = '']) => JSON.stringify(checkDocument(JSON.parse(json))),
  consider: async ([json = '']) => JSON.stringify(await considerStanding(JSON.parse(json))),
  'parse-yaml': ([text = '']) => {
    const json = JSON.stringify(parseYaml(text) ?? null);
    if (json.length > MOST_CHARACTERS)
      throw new Error(`its aliases make more than ${MOST_CHARACTERS} characters of it`);
    return json;
  },
};

/**
 * What runs in the threads of a service that has a catalog.
 * @public called by whoever starts the thread
 */
export default (call: ThreadCall): Promise<string> => answer(CATALOG_TASKS, call);
