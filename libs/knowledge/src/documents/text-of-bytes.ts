/** The text in some bytes, and whether some of them were none. */
export interface Decoded {
  readonly text: string;
  readonly isWhole: boolean;
}

const BEGINNING = 1_024;

/**
 * Reads bytes as text: by a byte order mark, by the charset that somebody names, else as UTF-8. What is no text in it
 * becomes U+FFFD. Null where it is no text at all.
 */
export function textOfBytes(bytes: Buffer, charset: string | null): Decoded | null {
  const marked = markOf(bytes);
  if (marked === null && bytes.includes(0)) return null;
  const decoder = decoderFor(marked ?? charset ?? 'utf-8');
  const text = decoder.decode(bytes).replace(/\r\n?/g, '\n');
  const broken = text.split('\uFFFD').length - 1;
  // A file of another kind has a broken character every few bytes.
  if (broken > 10 && broken > text.length / 20) return null;
  return { text: text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD').toWellFormed(), isWhole: broken === 0 };
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function decoderFor(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** The charset that an HTML page names in its beginning; null where it names none. */
export const charsetInPage = (bytes: Buffer): string | null =>
  /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(bytes.toString('latin1', 0, BEGINNING))?.[1] ?? null;
