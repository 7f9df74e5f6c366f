import { BatonError } from '@baton/contracts';

/** The address without slashes at its end. Throws BatonError `model-base-url`. */
export function checkedUrl(url: string, variable: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new BatonError(`The model's address “${url}” is not an http or https URL.`, {
    code: 'model-base-url',
    next: `Correct ${variable}, or unset it for the usual address.`,
  });
}
