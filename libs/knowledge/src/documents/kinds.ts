/** What a document is, as far as it matters to reading it. */
export type Kind = 'markdown' | 'html' | 'text' | 'image' | 'pdf';

const MARKDOWN = /\.(md|markdown|mdx|mdown|mkd)$/i;
const HTML = /\.x?html?$/i;
const BINARY =
  /\.(zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|tar|exe|dll|so|dylib|a|o|class|pyc|wasm|bin|dat|db|sqlite3?|iso|dmg|mp[34]|m4[av]|mov|avi|mkv|webm|wav|flac|ogg|ttf|otf|woff2?|eot|ico|bmp|tiff?|heic|avif|psd|docx?|xlsx?|pptx?|od[tsp]|epub|parquet|pkl|npy|pt|onnx)$/i;

export type MediaType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'application/pdf';

/** By its name; null for what is known to be neither text nor anything that models read. */
export function kindOfName(path: string): Kind | null {
  if (MARKDOWN.test(path)) return 'markdown';
  if (HTML.test(path)) return 'html';
  if (/\.pdf$/i.test(path)) return 'pdf';
  if (/\.(png|jpe?g|gif|webp)$/i.test(path)) return 'image';
  return BINARY.test(path) ? null : 'text';
}

/** By what a server says of it; by its name where the server says nothing. Null for what is not read. */
export function kindOfType(contentType: string, path: string): Kind | null {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  switch (type) {
    case '':
      return kindOfName(path);
    case 'text/html':
    case 'application/xhtml+xml':
      return 'html';
    case 'text/markdown':
    case 'text/x-markdown':
      return 'markdown';
    case 'application/pdf':
      return 'pdf';
    case 'text/plain':
      return MARKDOWN.test(path) ? 'markdown' : 'text';
  }
  if (/^image\/(png|jpeg|gif|webp)$/.test(type)) return 'image';
  return /^text\/|[/+](json|xml|ya?ml|toml|javascript|typescript|x-sh|x-python|sql|graphql)$/.test(type)
    ? 'text'
    : null;
}

/** By its first bytes, whatever it is called; null where it is none of them. */
export function mediaTypeOf(bytes: Buffer): MediaType | null {
  const begins = (hex: string, at = 0): boolean => bytes.subarray(at, at + hex.length / 2).toString('hex') === hex;
  if (begins('89504e470d0a1a0a')) return 'image/png';
  if (begins('ffd8ff')) return 'image/jpeg';
  if (begins('47494638')) return 'image/gif';
  if (begins('52494646') && begins('57454250', 8)) return 'image/webp';
  return begins('255044462d') ? 'application/pdf' : null;
}
