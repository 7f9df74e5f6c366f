import { expect, test } from 'vitest';
import { sinkOf } from './output.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY };
  return { sink: sinkOf(stream, { TERM: 'xterm' }), text: () => written.join('') };
}

test('text of others cannot move the cursor, hide itself or turn around on a terminal, whatever writes it', () => {
  const { sink, text } = terminal(true);
  const { red, bold, cyan } = sink.colors;
  sink.write(
    `${bold(red('ours'))}\t${cyan('c')}\r\nb\u001b[1A\u001b[2Kc\u001b[8md\u001b]0;title\u0007e\rf\u009b1Ag\u202eh\n`,
  );
  expect(text()).toBe(
    `${bold(red('ours'))}\t${cyan('c')}\r\nb\\x1b[1A\\x1b[2Kc\\x1b[8md\\x1b]0;title\\x07e\\x0df\\x9b1Ag<U+202E>h\n`,
  );
});

test('a reader that is no terminal gets the bytes as they are, and no cursor movement', () => {
  const { sink, text } = terminal(false);
  sink.move('\u001b[1A');
  sink.write('a\u001b[1Ab\u202e\r\n');
  expect(text()).toBe('a\u001b[1Ab\u202e\r\n');
});

test('cursor movement of our own gets through to a terminal', () => {
  const { sink, text } = terminal(true);
  sink.move('\u001b[1A\u001b[J');
  expect(text()).toBe('\u001b[1A\u001b[J');
});
