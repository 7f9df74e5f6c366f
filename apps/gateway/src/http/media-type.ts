import { extname } from 'node:path';

/** What files are, by the ends of their names. Whatever is not here is bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.diff': 'text/x-diff; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.patch': 'text/x-diff; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};
/** Programs in languages that have no media type of their own. */
const SOURCES = new Set(['.c', '.go', '.h', '.java', '.py', '.rb', '.rs', '.sh', '.sql', '.toml', '.ts', '.tsx']);

export function mediaTypeOf(path: string): string {
  const end = extname(path).toLowerCase();
  return SOURCES.has(end) ? 'text/plain; charset=utf-8' : (MEDIA_TYPES[end] ?? 'application/octet-stream');
}

/** What a page of this origin could run or be dressed with, were it named as what it is. */
const ACTIVE = /^text\/(javascript|css)\b/;

/**
 * As what a file is sent. The dashboard runs scripts and takes styles of its own origin, of which the files of models are as well:
 * so none of them is sent as one. Browsers believe the type, since they are told not to look for themselves.
 */
export function sentTypeOf(path: string): string {
  const type = mediaTypeOf(path);
  return ACTIVE.test(type) ? 'text/plain; charset=utf-8' : type;
}

/** A file to be kept, and not to be shown: a model wrote it. The name as RFC 6266 and RFC 8187 have it. */
export function attachmentNamed(path: string): string {
  const name = path.split('/').at(-1) ?? 'artifact';
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*!]/g, (each) => `%${each.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
