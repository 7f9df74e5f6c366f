import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { BatonError, toError } from '@baton/contracts';

/**
 * What a URL says of certificates, in the parameters that redis-py has for them: so the one URL is right for a producer in Python,
 * too.
 *
 *   ssl_ca_certs            the file with the certificates of those who may vouch for the server; else those that Node knows
 *   ssl_certfile, ssl_keyfile   what this side shows of itself, where the server asks for it
 *   ssl_check_hostname      `false`: the certificate may be made out to another name
 *
 * @throws BatonError `certificate-unreadable`
 */
export function tlsOf(parameters: URLSearchParams): ConnectionOptions {
  const read = (name: string): Buffer | undefined => {
    const file = parameters.get(name);
    if (file === null) return undefined;
    try {
      return readFileSync(file);
    } catch (thrown) {
      throw new BatonError(`The file in ${name} of REDIS_URL cannot be read: ${toError(thrown).message}.`, {
        code: 'certificate-unreadable',
        next: 'Name a PEM file that this user may read, with its whole path.',
        cause: thrown,
      });
    }
  };
  const [ca, cert, key] = [read('ssl_ca_certs'), read('ssl_certfile'), read('ssl_keyfile')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(parameters.get('ssl_check_hostname')?.toLowerCase() === 'false'
      ? { checkServerIdentity: () => undefined }
      : {}),
  };
}

const UNKNOWN_ISSUER = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/** What is wrong with a handshake, for people; null where it is none that failed. */
export function tlsRefusal(thrown: unknown): string | null {
  const code = codeOf(thrown);
  if (UNKNOWN_ISSUER.has(code)) return 'its certificate is of an authority that is not known here';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is made out to another name';
  if (code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED') return 'it asks for a certificate of this side';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'it does not speak TLS as this side does, or not at all';
  return null;
}

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');
