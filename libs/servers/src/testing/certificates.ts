import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program of the machine. */
const OPENSSL = 'openssl';

/** Why there are no certificates here; null where there are. */
export const noCertificatesHere = spawnSync(OPENSSL, ['version']).status === 0 ? null : 'openssl is not on the PATH';

/** Files in PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own in the folder, and a certificate of it for 127.0.0.1. */
export function makeCertificates(folder: string, name: string): Certificates {
  const file = (what: string): string => join(folder, `${name}-${what}`);
  const run = (...args: readonly string[]): void => void execFileSync(OPENSSL, args, { stdio: 'ignore' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run(
    'req',
    '-x509',
    ...fresh,
    '-days',
    '2',
    '-subj',
    `/CN=${name} authority`,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  run('req', ...fresh, '-subj', '/CN=redis', '-keyout', file('key.pem'), '-out', file('request.pem'));
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
  run('x509', '-req', '-in', file('request.pem'), ...signed, '-days', '2', '-out', file('cert.pem'));
  return { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') };
}
