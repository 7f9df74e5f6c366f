import { expect, test } from 'vitest';
import { saidModel, withoutSaidModel, withSaidModel } from './said-model.js';

test.each([
  [withSaidModel('Plans.', 'offline'), 'Plans.', 'offline'],
  [withSaidModel('Plans. Its model: none.', 'a.b'), 'Plans. Its model: none.', 'a.b'],
  ['Plans.', 'Plans.', null],
  ['Plans. Its model: .', 'Plans. Its model: .', null],
  ['Plans. Its model: offline', 'Plans. Its model: offline', null],
])('of %j what is said without the model, and the model', (description, rest, model) => {
  expect([withoutSaidModel(description), saidModel(description)]).toEqual([rest, model]);
});

test('a description that has the words many times is read in no time', () => {
  expect(saidModel(`${' Its model: '.repeat(200_000)}x`)).toBeNull();
});
