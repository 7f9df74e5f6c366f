import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { seen } from '../../../parts/plain-text.js';
import { completionAt } from './completions.js';
import type { Vocabulary } from './vocabulary.js';

/** Most lists are longer than what fits on a screen: their order is that of the schema. */
const FIRST = 99;

/** What can stand at a place, offered while somebody types there, each with what the schema says of it beside. */
export function completing(vocabularyNow: () => Vocabulary): ReturnType<typeof autocompletion> {
  let isPicked = false;
  const source = (context: CompletionContext): CompletionResult | null => {
    const { schema, known } = vocabularyNow();
    const line = context.state.doc.lineAt(context.pos);
    // Who only moves in needs no list that takes the next key.
    const isIndent = line.text.slice(0, context.pos - line.from).trim() === '';
    const isWanted = context.explicit || isPicked || !isIndent;
    isPicked = false;
    const found = isWanted ? completionAt(context.state.doc.toString(), context.pos, schema, known) : null;
    if (found === null) return null;
    return {
      from: found.from,
      options: found.choices.map(({ kind, label, apply, detail, info }, at) => ({
        label: seen(label),
        apply,
        detail: seen(detail),
        boost: Math.max(-FIRST, FIRST - at),
        type: kind === 'key' ? 'property' : 'constant',
        ...(info === '' ? {} : { info: seen(info) }),
      })),
      validFor: /^[\w:./@-]*$/,
    };
  };
  return autocompletion({
    override: [source],
    icons: false,
    // What a name is followed by is offered at once.
    activateOnCompletion: ({ type }) => {
      isPicked = type === 'property';
      return isPicked;
    },
  });
}
