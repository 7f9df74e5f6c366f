import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAccessAnchor, signAccessAnchor } from './access-anchor.js';
import { openCheckpoint, signCheckpoint } from './checkpoint.js';
import { generateSignerKey, parseSignerKey, parseVerifierKey } from './note-keys.js';
import { keyChain, signRotation } from './rotation.js';
import { openNote, signNote } from './signed-note.js';

const ORIGIN = 'baton/test';
const root = hash('sha256', 'root', 'buffer');

test('a key is read from its text, and refused when a letter of it is another', () => {
  const signer = generateSignerKey(ORIGIN);
  expect(parseSignerKey(`${signer.text}\n`).verifier.text).toBe(signer.verifier.text);
  expect(parseVerifierKey(signer.verifier.text).id).toBe(signer.verifier.id);
  const [name, id, key = ''] = signer.verifier.text.split('+');
  expect(() => parseVerifierKey(`other+${id}+${key}`)).toThrow('not a public key');
  expect(() => parseVerifierKey(`${name}+${id}+${key.slice(4)}`)).toThrow('not a public key');
  expect(() => parseSignerKey(signer.verifier.text)).toThrow('not a signing key');
  expect(() => parseVerifierKey('')).toThrow('not a public key');
});

test('a note of Go is opened with its key', () => {
  // From the documentation of golang.org/x/mod/sumdb/note: what other programs sign is read here, and the other way round.
  const key = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
  expect(openNote(note, [key]).text).toBe(text);
  expect(() => openNote(note.replace('cryptography', 'Cryptography'), [key])).toThrow('does not fit');
});

test('a checkpoint is believed when one of the keys signed it, and then only', () => {
  const [signer, other] = [generateSignerKey(ORIGIN), generateSignerKey(ORIGIN)];
  const note = signCheckpoint({ origin: ORIGIN, size: 12, root }, [signer]);
  expect(note).toMatch(/^baton\/test\n12\n\S{44}\n\n— baton\/test \S+\n$/);
  expect(openCheckpoint(note, [other.verifier, signer.verifier])).toMatchObject({ size: 12, root });
  expect(() => openCheckpoint(note, [other.verifier])).toThrow(`not signed by the key ${other.verifier.id}`);
  expect(() => openCheckpoint(note.replace('\n12\n', '\n13\n'), [signer.verifier])).toThrow('does not fit');
  expect(() => openCheckpoint(note.slice(0, -1), [signer.verifier])).toThrow('no signatures');
  expect(() => openCheckpoint('', [signer.verifier])).toThrow('no signatures');
});

test('a signed text that is no checkpoint, or one of another log, is none', () => {
  const signer = generateSignerKey(ORIGIN);
  for (const text of [
    `${ORIGIN}\nmany\nroot\n`,
    `other\n1\n${root.toString('base64')}\n`,
    `${ORIGIN}\n01\n${root.toString('base64')}\n`,
  ]) {
    expect(() => openCheckpoint(signNote(text, [signer]), [signer.verifier])).toThrow('no checkpoint');
  }
});

test('an anchor of the log of access is no checkpoint, and a checkpoint is no anchor', () => {
  const [signer, other] = [generateSignerKey(ORIGIN), generateSignerKey(ORIGIN)];
  const keys = [signer.verifier];
  const note = signAccessAnchor({ origin: ORIGIN, position: 12, hash: root }, [signer]);
  expect(openAccessAnchor(note, keys)).toMatchObject({ origin: ORIGIN, position: 12, hash: root, signedBy: keys });
  expect(() => openCheckpoint(note, keys)).toThrow('no checkpoint');
  const checkpoint = signCheckpoint({ origin: ORIGIN, size: 12, root }, [signer]);
  expect(() => openAccessAnchor(checkpoint, keys)).toThrow('nothing of the log of access');
  expect(() => openAccessAnchor(note, [other.verifier])).toThrow('not signed by the key');
  expect(() => openAccessAnchor(note.replace('\n12\n', '\n13\n'), keys)).toThrow('does not fit');
  const of = (origin: string) => signAccessAnchor({ origin, position: 12, hash: root }, [signer]);
  expect(() => openAccessAnchor(of('baton/other'), keys)).toThrow('nothing of the log of access');
});

test('keys are followed from any of them to the first and the newest, by statements that both signed', () => {
  const [first, second, third, stranger] = [1, 2, 3, 4].map(() => generateSignerKey(ORIGIN));
  if (!first || !second || !third || !stranger) throw new Error('no keys');
  const rotations = [
    signRotation(second, third),
    signRotation(stranger, generateSignerKey(ORIGIN)),
    signRotation(first, second),
  ];
  for (const trusted of [first, second, third]) {
    expect(keyChain(trusted.verifier, rotations).map(({ id }) => id)).toEqual(
      [first, second, third].map(({ verifier }) => verifier.id),
    );
  }
  expect(keyChain(stranger.verifier, []).map(({ id }) => id)).toEqual([stranger.verifier.id]);
});

test('a statement that only the new key signed makes nobody trusted', () => {
  const [first, second] = [generateSignerKey(ORIGIN), generateSignerKey(ORIGIN)];
  const text = `baton key rotation v1\n${first.verifier.text}\n${second.verifier.text}\n`;
  expect(() => keyChain(first.verifier, [signNote(text, [second])])).toThrow('not signed by both');
});
