import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirements, title } from '../src/requirements.ts';

test('the list has every requirement once, numbered without a gap', () => {
  assert.ok(requirements.length > 0);
  assert.deepEqual(
    requirements.map(({ id }) => id),
    requirements.map((_, index) => `R${index + 1}`),
  );
});

test('each requirement has words, a section and a force', () => {
  for (const { id, section, text, force } of requirements) {
    assert.ok(text.trim().length > 0, `${id} has no text`);
    assert.ok(section.trim().length > 0, `${id} has no section`);
    assert.ok(['must', 'should', 'may', 'unstated'].includes(force), `${id} has no force`);
  }
});

test('the title is one line', () => {
  assert.match(title, /^.+$/);
});
