/** Where objects and lists stand in a text, as far as brackets say. */
export interface Spans {
  /** Those that are closed, in their order; not what stands within them. */
  readonly whole: readonly string[];
  /** Whether one is never closed. */
  readonly isOpen: boolean;
}

/** Brackets stand in prose, too: an object begins with a name, a list with what lists hold. */
const BEGINNING = /\{(?=\s*(?:["'“‘}]|\/[/*]|[\w$-]+\s*:|$))|\[(?=\s*[[{"'\d\]-])/g;

export function spansIn(text: string): Spans {
  const whole: string[] = [];
  const quotes = text.includes('"') ? '"' : `"'`;
  for (let from = 0; ; ) {
    BEGINNING.lastIndex = from;
    const start = BEGINNING.exec(text)?.index;
    if (start === undefined) return { whole, isOpen: false };
    const end = endOf(text, start, quotes);
    if (end === null) return { whole, isOpen: true };
    whole.push(text.slice(start, end));
    from = end;
  }
}

/** Whether something that was opened is never closed. */
export const isOpen = (text: string): boolean => endOf(`[${text}]`, 0, text.includes('"') ? '"' : `"'`) === null;

/** Behind the bracket that closes the one at `start`; null where none does. */
function endOf(text: string, start: number, quotes: string): number | null {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (quotes.includes(character)) quote = character;
    else {
      depth += depthOf(character);
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

const depthOf = (character: string): number =>
  character === '{' || character === '[' ? 1 : character === '}' || character === ']' ? -1 : 0;
