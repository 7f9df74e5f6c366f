import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Where systems keep the certificates that they trust. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** @returns the files with certificates that this machine trusts */
export const certificatesOf = (named: {
  readonly NODE_EXTRA_CA_CERTS?: string | undefined;
  readonly SSL_CERT_FILE?: string | undefined;
}): readonly string[] => {
  const bundle = named.SSL_CERT_FILE ?? BUNDLES.find((path) => existsSync(path));
  return [...new Set([bundle, named.NODE_EXTRA_CA_CERTS])].filter((path) => path !== undefined);
};

/** Every program has a name of its own for the same file. */
const NAMES = [
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'npm_config_cafile',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'CARGO_HTTP_CAINFO',
  'GIT_SSL_CAINFO',
];

/**
 * Writes them into one file. They are nobody's secret.
 *
 * @param inside where a command finds that file
 * @returns what programs are told of it
 */
export async function writeCertificates(
  file: string,
  certificates: readonly string[],
  inside: string,
): Promise<Readonly<Record<string, string>>> {
  const texts = certificates.flatMap((path) => (existsSync(path) ? [readFileSync(path, 'utf8')] : []));
  if (texts.length === 0) return {};
  await writeFile(file, texts.join('\n'), { mode: 0o644 });
  return Object.fromEntries(NAMES.map((name) => [name, inside]));
}
