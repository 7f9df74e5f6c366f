import { BatonError, toError } from '@baton/contracts';
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { checkYaml, YAML_OPTIONS } from './check-yaml.js';

/**
 * One YAML document as JSON. A tag that is not known is an error: the value would not be what its author meant.
 *
 * @throws BatonError `malformed-yaml`, whose message names line and column
 */
export function parseYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  try {
    // The library compares each key with all others: a minute for sixty thousand. checkKeys does it in a moment.
    const parsed = parseDocument(text, { ...YAML_OPTIONS, uniqueKeys: false, lineCounter });
    const [wrong] = [...parsed.errors, ...parsed.warnings];
    if (wrong !== undefined) throw wrong;
    checkVersion(text);
    checkYaml(parsed, lineCounter);
    checkKeys(parsed, lineCounter);
    return parsed.toJS();
  } catch (thrown) {
    const error = toError(thrown);
    // The lines after the first one repeat the text, with a mark below the place.
    const [message = ''] = error.message.split('\n');
    throw new BatonError(`It is not YAML that can be read: ${message.replace(/:$/, '')}.`, {
      code: 'malformed-yaml',
      next: 'Correct the text, or send the document as JSON.',
      cause: error,
    });
  }
}

/** In the YAML of 2005 `no` is a boolean and `12:30` a number: the value would not be what is read elsewhere. */
function checkVersion(text: string): void {
  const [directive, version = ''] = /^%YAML[ \t]+(\S{1,20})/m.exec(text) ?? [];
  if (directive === undefined || version === '1.2') return;
  const line = text.slice(0, text.indexOf(directive)).split('\n').length;
  throw new Error(`YAML 1.2 is read, and this says ${version}, at line ${line}, column 1`);
}

function checkKeys(parsed: Document, lines: LineCounter): void {
  visit(parsed, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key);
        if (seen.has(name)) {
          const { line, col } = lines.linePos(isScalar(key) ? (key.range?.[0] ?? 0) : 0);
          throw new Error(`The key ${name.slice(0, 100)} comes twice at line ${line}, column ${col}`);
        }
        seen.add(name);
      }
    },
  });
}
