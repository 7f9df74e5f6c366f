import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentPage } from './reference/environment.js';
import { errorsPage } from './reference/errors.js';
import { eventsPage } from './reference/events.js';
import { messagesPage } from './reference/messages.js';
import { workflowDocumentPage } from './reference/workflow-document.js';

const root = join(import.meta.dirname, '..');
/** `npm run docs` writes the pages instead of comparing them. */
const isWriting = process.env.BATON_WRITE_DOCS === 'yes';

test.each([
  ['messages', messagesPage],
  ['events', eventsPage],
  ['environment', environmentPage],
  ['errors', errorsPage],
  ['workflow-document', workflowDocumentPage],
])('docs/reference/%s.md is what the sources say', (name, pageOf) => {
  const file = join(root, `docs/reference/${name}.md`);
  const text = pageOf(root);
  if (isWriting) writeFileSync(file, text);
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(committed, `docs/reference/${name}.md is not what the sources say: run \`npm run docs\``).toBe(text);
});
