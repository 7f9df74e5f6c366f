import { isAbsolute, join, resolve } from 'node:path';
import { BatonError } from '@baton/contracts';
import { folderPublication } from './folder.js';
import { httpPublication } from './http.js';
import type { Publication } from './publication.js';
import { s3Publication } from './s3.js';

/** What the environment says of checkpoints. */
export interface PublicationSettings {
  readonly BATON_HOME: string;
  readonly BATON_CHECKPOINTS?: string | undefined;
  readonly BATON_CHECKPOINT_TOKEN?: string | undefined;
  readonly BATON_CHECKPOINT_S3_ENDPOINT?: string | undefined;
  readonly BATON_CHECKPOINT_S3_REGION: string;
  readonly BATON_CHECKPOINT_S3_KEY_ID?: string | undefined;
  readonly BATON_CHECKPOINT_S3_SECRET?: string | undefined;
}

/**
 * The place that `BATON_CHECKPOINTS` names; null where it is `off`.
 *
 * @throws BatonError `invalid-environment`
 */
export function openPublication(settings: PublicationSettings): Publication | null {
  const { BATON_CHECKPOINTS: place } = settings;
  if (place === 'off') return null;
  if (place === undefined) return folderPublication(join(resolve(settings.BATON_HOME), 'checkpoints'));
  if (isAbsolute(place)) return folderPublication(place);
  if (/^https?:\/\/./.test(place) && URL.canParse(place))
    return httpPublication(place, settings.BATON_CHECKPOINT_TOKEN);
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/([a-zA-Z0-9._/-]*?))?\/?$/.exec(place) ?? [];
  if (bucket === undefined) {
    throw invalid('BATON_CHECKPOINTS is not valid', 'Give an absolute folder, https://…, s3://bucket/prefix or off.');
  }
  const { BATON_CHECKPOINT_S3_ENDPOINT: endpoint } = settings;
  const { BATON_CHECKPOINT_S3_KEY_ID: keyId, BATON_CHECKPOINT_S3_SECRET: secret } = settings;
  if (keyId === undefined || secret === undefined) {
    throw invalid(
      'BATON_CHECKPOINTS names a bucket, and there is no key for it',
      'Set BATON_CHECKPOINT_S3_KEY_ID and BATON_CHECKPOINT_S3_SECRET.',
    );
  }
  const region = settings.BATON_CHECKPOINT_S3_REGION;
  return s3Publication({ bucket, prefix, region, keyId, secret, ...(endpoint === undefined ? {} : { endpoint }) });
}

const invalid = (what: string, next: string): BatonError =>
  new BatonError(`${what}.`, { code: 'invalid-environment', next });
