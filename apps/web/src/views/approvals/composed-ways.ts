import { conditionInWords } from '@baton/contracts';
import { fieldsOf } from '../../parts/graph/machine-picture.js';

interface ComposedWay {
  readonly choice: string;
  readonly when: string;
  readonly to: string;
}

/** The ways of the choices of a document, in words: its picture has lines alone. */
export function waysIn(document: unknown): readonly ComposedWay[] {
  const states = Object.entries(fieldsOf(fieldsOf(fieldsOf(document).definition).States));
  return states.flatMap(([choice, state]) => {
    const { Type, Choices, Default } = fieldsOf(state);
    if (Type !== 'Choice') return [];
    const ways = (Array.isArray(Choices) ? Choices : []).map(fieldsOf).flatMap(({ Condition, Next }) => {
      if (typeof Condition !== 'string' || typeof Next !== 'string') return [];
      return [{ choice, when: `if ${conditionInWords(Condition)}`, to: Next }];
    });
    return typeof Default === 'string' ? [...ways, { choice, when: 'otherwise', to: Default }] : ways;
  });
}
