import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlText } from './html-text.js';
import { kindOfName, kindOfType, mediaTypeOf } from './kinds.js';
import { passagesOf } from './passages.js';
import { readDocument } from './read-document.js';

describe('the text of a page', () => {
  const textOf = async (html: string) => (await htmlText(html)).text;

  test('has headings, lists, tables and code, and nothing of scripts, styles and menus', async () => {
    const html = `<html><head><title>T</title><style>b{}</style></head><body><nav>menu</nav>
      <h1>Guide <a href="/x">to it</a></h1><p>Hello &amp; <b>you</b><script>steal()</script></p>
      <h2>Install</h2><pre><code>npm i
  x &lt;b&gt;
# no heading</code></pre><ul><li>one<li>two</ul>
      <table><tr><th>Name</th><td>1</td></tr></table>a<br>b<img alt="A cat"><footer>(c)</footer>`;
    expect(await textOf(html)).toBe(
      '# Guide to it\n\nHello & you\n\n## Install\n\n```\nnpm i\n  x <b>\n# no heading\n```\n\n- one\n- two\n\n| Name | 1\n\na\nb [image: A cat]',
    );
  });

  test('ends where elements are nested too deeply, and says so', async () => {
    expect(await htmlText(`<p>seen</p>${'<div>'.repeat(1_000)}unseen`)).toEqual({ text: 'seen', isCut: true });
  });

  test.each([
    ['elements without end', '<div>'.repeat(400_000)],
    ['comments without end', '<!--'.repeat(500_000)],
    ['one tag of attributes', `<a ${Array.from({ length: 200_000 }, (_, n) => `x${n}`).join(' ')}>`],
    ['open brackets', '<'.repeat(2_000_000)],
    ['endings of nothing', `<div>${'</b>'.repeat(500_000)}`],
    ['cells as wide as the world', `<table><tr>${'<td colspan=9999999 rowspan=9999999>x</td>'.repeat(100)}`],
  ])('is made of %s in time that grows with its length', async (_, html) => {
    await expect(() => htmlText(html)).toComputeWithin(3_000);
  });

  test('is made of anything', async () => {
    const unit = fc.oneof(
      fc.constantFrom('<p>', '</p>', '<pre>', '</pre>', '<h2>', '<script>', '</script>', '<', '&', '"', '<!--'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit), async (parts) => {
        expect((await htmlText(parts.join(''))).isCut).toBe(false);
      }),
    );
  });
});

describe('passages', () => {
  const cut = (text: string, hasHeadings = true) => passagesOf(text.split('\n'), hasHeadings);

  test('begin at headings, carry those above them, and know their lines', () => {
    const text = 'Intro\n\n# Guide\nHello\n## Linux ##\napt\n\n```\n# no heading\n```\nSetext\n------\nend';
    expect(cut(text)).toEqual([
      { heading: '', from: 1, to: 2, text: 'Intro' },
      { heading: 'Guide', from: 3, to: 4, text: '# Guide\nHello' },
      { heading: 'Guide › Linux', from: 5, to: 10, text: '## Linux ##\napt\n\n```\n# no heading\n```' },
      { heading: 'Guide › Setext', from: 11, to: 13, text: 'Setext\n------\nend' },
    ]);
  });

  test('of a source file have no headings', () => {
    expect(cut('# a comment\nx = 1', false)).toEqual([{ heading: '', from: 1, to: 2, text: '# a comment\nx = 1' }]);
  });

  test('are bounded and lose nothing but white space, whatever the text', () => {
    const line = fc.oneof(
      fc.constantFrom('', '# T', '```', '---', '=='),
      fc.string({ maxLength: 40 }),
      fc.string({ minLength: 1_500, maxLength: 4_000 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.boolean(), (lines, hasHeadings) => {
        const passages = passagesOf(
          lines.map((each) => each.replaceAll('\n', ' ')),
          hasHeadings,
        );
        for (const { text, from, to } of passages) {
          expect(text.length).toBeLessThanOrEqual(1_400);
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBeLessThanOrEqual(lines.length);
        }
        const bare = (texts: readonly string[]): string => texts.join('').replace(/\s/g, '');
        expect(bare(passages.map(({ text }) => text))).toBe(bare(lines));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a document', () => {
  const read = (bytes: Buffer, charset: string | null = null) => readDocument(bytes, 'text', charset);

  test('of text that is not quite UTF-8 is read, and says so', async () => {
    const document = await read(Buffer.concat([Buffer.from('plain text '.repeat(20)), Buffer.from([0xff, 0xc3])]));
    expect(document?.lines[0]).toContain('plain text');
    expect(document?.remark).toContain('could not be read');
  });

  test('in another charset is read where that is named, or marked at its beginning', async () => {
    expect((await read(Buffer.from('Gr\xfc\xdfe', 'latin1'), 'iso-8859-1'))?.lines).toEqual(['Grüße']);
    expect((await read(Buffer.from('\uFEFFhello', 'utf16le')))?.lines).toEqual(['hello']);
    const page = Buffer.from('<meta charset="windows-1252"><p>Gr\xfc\xdfe', 'latin1');
    expect((await readDocument(page, 'html', null))?.lines).toEqual(['Grüße']);
    expect((await read(Buffer.from('hello'), 'no-such-charset'))?.lines).toEqual(['hello']);
  });

  test('is none where the bytes are no text', async () => {
    expect(await read(Buffer.from([1, 2, 0, 3]))).toBeNull();
    expect(await read(Buffer.from(Array.from({ length: 500 }, (_, n) => 128 + (n % 100))))).toBeNull();
  });

  test('holds no character that could do things to a terminal or a database', async () => {
    expect((await read(Buffer.from('a\u001b[31mb\u0007\r\nc\td')))?.lines).toEqual(['a\uFFFD[31mb\uFFFD', 'c\td']);
  });
});

test.each([
  ['README.md', 'markdown'],
  ['a.html', 'html'],
  ['x.PNG', 'image'],
  ['x.pdf', 'pdf'],
  ['main.rs', 'text'],
  ['Makefile', 'text'],
  ['x.docx', null],
  ['x.zip', null],
])('%s is %s', (name, kind) => {
  expect(kindOfName(name)).toBe(kind);
});

test.each([
  ['text/html; charset=utf-8', 'html'],
  ['text/plain', 'text'],
  ['application/json', 'text'],
  ['application/vnd.api+json', 'text'],
  ['application/pdf', 'pdf'],
  ['image/webp', 'image'],
  ['image/svg+xml', 'text'],
  ['application/octet-stream', null],
  ['video/mp4', null],
  ['', 'text'],
])('a server that says %j sends %s', (type, kind) => {
  expect(kindOfType(type, '/page')).toBe(kind);
});

test('what an image is its bytes say, and not its name', () => {
  expect(mediaTypeOf(Buffer.from('89504e470d0a1a0a00', 'hex'))).toBe('image/png');
  expect(mediaTypeOf(Buffer.from('%PDF-1.7'))).toBe('application/pdf');
  expect(mediaTypeOf(Buffer.from('<html>'))).toBeNull();
  expect(mediaTypeOf(Buffer.alloc(0))).toBeNull();
});
