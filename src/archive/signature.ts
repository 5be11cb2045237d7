import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError, unreadable } from '../errors.js';
import { MANIFEST } from '../tape/manifest.js';
import type { Tape } from '../tape/tape.js';

/** Name of the file beside the manifest that has its signature: the 64 bytes of Ed25519 (RFC 8032) and nothing else. */
export const SIGNATURE = `${MANIFEST}.sig`;
export const SIGNATURE_BYTES = 64;

const NO_PRIVATE_KEY = 'not an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519 makes one)';
const NO_PUBLIC_KEY = 'not an Ed25519 public key in PEM (openssl pkey -in PRIVATE.pem -pubout makes one)';

/** Reads a key to sign with. Throws an InvalidFileError that says what was expected, and nothing of what is there. */
export async function readSigningKey(file: string): Promise<KeyObject> {
  return ed25519Key(file, NO_PRIVATE_KEY, createPrivateKey);
}

/** Reads a key to check signatures with. Throws an InvalidFileError that says what was expected. */
export async function readVerifyingKey(file: string): Promise<KeyObject> {
  return ed25519Key(file, NO_PUBLIC_KEY, (pem) => {
    // Node.js would make a public key of a private one, which should not be in the hands of who verifies.
    if (pem.includes('PRIVATE KEY')) throw new InvalidFileError(file, NO_PUBLIC_KEY);
    return createPublicKey(pem);
  });
}

async function ed25519Key(file: string, expected: string, parse: (pem: string) => KeyObject) {
  const pem = await readFile(file, 'utf8').catch((error) => unreadable(file, error));
  let key: KeyObject;
  try {
    key = parse(pem);
  } catch {
    throw new InvalidFileError(file, expected);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new InvalidFileError(file, expected);
  return key;
}

/** The signature of a manifest, over its exact bytes. */
export function signManifest(manifest: Uint8Array, key: KeyObject): Uint8Array {
  return sign(null, manifest, key);
}

/** The content of a tape's signature, whatever it is; undefined if it has none. */
export async function readSignature({ directory }: Tape): Promise<Uint8Array | undefined> {
  const file = join(directory, SIGNATURE);
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') unreadable(file, error);
  });
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size !== SIGNATURE_BYTES) {
    throw new InvalidFileError(file, `not a signature; expected a plain file of ${SIGNATURE_BYTES} bytes`);
  }
  return readFile(file).catch((error) => unreadable(file, error));
}

/** What is wrong with a tape's signature; undefined where this key made it, over the manifest as it is. */
export async function signatureProblem(tape: Tape, key: KeyObject): Promise<string | undefined> {
  const signature = await readSignature(tape);
  if (signature === undefined) return 'missing: the tape is not signed';
  const manifest = await readFile(join(tape.directory, MANIFEST));
  return verify(null, manifest, key, signature)
    ? undefined
    : `not this key's signature of this ${MANIFEST}: one of the three is another, or was changed`;
}
