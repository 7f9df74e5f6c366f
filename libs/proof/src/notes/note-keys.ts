import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { BatonError } from '@baton/contracts';

/*
 * Keys as C2SP signed-note writes them: `<name>+<id>+<base64 of the algorithm's byte and the key>`, and the same after
 * `PRIVATE+KEY+` for the half that signs. The id is the beginning of a hash of name and public key, in hexadecimal.
 */

const ED25519 = 0x01;
const SEED_BYTES = 32;

/** The public half of a key: who may be believed. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly key: KeyObject;
  /** The key as one line of text. */
  readonly text: string;
}

/** Both halves. */
export interface SignerKey {
  readonly verifier: VerifierKey;
  readonly key: KeyObject;
  /** The private half as one line of text, for a file that nobody else may read. */
  readonly text: string;
}

/** @param name no spaces and no plus */
export function generateSignerKey(name: string): SignerKey {
  const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return signerOf(name, Buffer.from(d ?? '', 'base64url'));
}

/** @throws BatonError `bad-key` */
export function parseSignerKey(text: string): SignerKey {
  const [, name = '', id, encoded = ''] = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (id === undefined || bytes[0] !== ED25519 || bytes.length !== 1 + SEED_BYTES) throw badKey('a signing key');
  const signer = signerOf(name, bytes.subarray(1));
  if (signer.verifier.id !== id) throw badKey('a signing key');
  return signer;
}

/** @throws BatonError `bad-key` */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id, encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (id === undefined || bytes[0] !== ED25519 || bytes.length !== 1 + SEED_BYTES) throw badKey('a public key');
  const verifier = verifierOf(name, bytes.subarray(1));
  if (verifier.id !== id) throw badKey('a public key');
  return verifier;
}

function signerOf(name: string, seed: Buffer): SignerKey {
  // RFC 8410: the fixed frame of an Ed25519 key in PKCS #8, and the seed.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const verifier = verifierOf(name, Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url'));
  const encoded = Buffer.concat([Buffer.of(ED25519), seed]).toString('base64');
  return { verifier, key, text: `PRIVATE+KEY+${name}+${verifier.id}+${encoded}` };
}

function verifierOf(name: string, bytes: Buffer): VerifierKey {
  const encoded = Buffer.concat([Buffer.of(ED25519), bytes]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), encoded]), 'hex').slice(0, 8);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
  return { name, id, key, text: `${name}+${id}+${encoded.toString('base64')}` };
}

const badKey = (what: string): BatonError =>
  new BatonError(`This is not ${what} for Ed25519 notes.`, {
    code: 'bad-key',
    next: 'A public key is one line such as name+0a1b2c3d+AbC…=; it is shown by `baton audit key`.',
  });
