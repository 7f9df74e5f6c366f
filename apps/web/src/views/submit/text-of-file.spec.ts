import { expect, test } from 'vitest';
import { textOfFile } from './text-of-file.js';

const read = (bytes: Uint8Array<ArrayBuffer>) => textOfFile(new File([bytes], 'r.md'));
const bytesOf = (text: string) => new TextEncoder().encode(text);

test('a file is read as the text it is', async () => {
  expect(await read(bytesOf('# Count “words” 🙂\r\n'))).toEqual({ text: '# Count “words” 🙂\r\n' });
});

test('what is no text is refused, and not read wrongly', async () => {
  expect(await read(bytesOf('a\0b'))).toEqual({ problem: 'r.md is binary.' });
  expect(await read(Uint8Array.of(0xe4, 0x20))).toEqual({ problem: 'r.md is no text in UTF-8.' });
  expect(await read(new Uint8Array(1_000_001))).toMatchObject({ problem: expect.stringMatching(/at most 976.6 KiB/) });
});
