import type { Json } from '@baton/contracts';
import { type RequestArguments, SecretReference } from './request-arguments.js';

export interface EncodedBody {
  readonly text: string;
  readonly type: string;
}

type ArrayFormat = NonNullable<NonNullable<RequestArguments['Transform']>['RequestEncodingOptions']>['ArrayFormat'];

/** The body of a request as it is sent; null where there is none. @param secretOf what a reference stands for */
export function encodeBody(
  { RequestBody, Transform }: RequestArguments,
  secretOf: (reference: SecretReference) => string,
): EncodedBody | null {
  if (RequestBody === undefined) return null;
  const body = withSecrets(RequestBody, secretOf);
  if (Transform?.RequestBodyEncoding === 'URL_ENCODED') {
    const format = Transform.RequestEncodingOptions?.ArrayFormat ?? 'INDICES';
    const form = new URLSearchParams(partsOf(body, '', format).map(([name, value]): [string, string] => [name, value]));
    return { text: form.toString(), type: 'application/x-www-form-urlencoded;charset=utf-8' };
  }
  return typeof body === 'string'
    ? { text: body, type: 'text/plain;charset=utf-8' }
    : { text: JSON.stringify(body), type: 'application/json' };
}

function withSecrets(value: Json, secretOf: (reference: SecretReference) => string): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withSecrets(each, secretOf));
  const reference = SecretReference.safeParse(value);
  if (reference.success) return secretOf(reference.data);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withSecrets(each, secretOf)]));
}

/** `a[b]=c` for what is within what; a list as the format says. */
function partsOf(value: Json, name: string, format: ArrayFormat): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '' : String(value)]];
  if (Array.isArray(value)) {
    if (format === 'COMMAS') return [[name, value.map(String).join(',')]];
    const suffix = (index: number): string => (format === 'INDICES' ? `[${index}]` : format === 'BRACKETS' ? '[]' : '');
    return value.flatMap((each, index) => partsOf(each, `${name}${suffix(index)}`, format));
  }
  return Object.entries(value).flatMap(([key, each]) => partsOf(each, name === '' ? key : `${name}[${key}]`, format));
}
