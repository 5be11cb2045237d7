import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { writeArchive } from '../../../src/archive/write_archive.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';
import { smallTape } from './tapes.js';

/** A signed archive, the key to check it with, and a way to verify what bytes one likes. */
async function signedArchive(t: TestContext) {
  const { directory, out, parent } = await smallTape(t);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = join(parent, 'public.pem');
  writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
  await writeArchive({ directory, out, sign: privateKey });
  const bytes = readFileSync(out);
  const verify = async (changed: Uint8Array, cache: string) => {
    writeFileSync(out, changed);
    const { status, stdout, stderr } = await runCaptured(['verify', out, '--key', key, '--format', 'csv'], {
      temporary: parent,
      cache,
    });
    return { status, said: stdout + stderr };
  };
  return { directory, parent, key, bytes, verify };
}

/** What may be named for a changed byte: the file that has it, or, for what is before a file, the one that went before. */
function placesOf(bytes: Buffer): (at: number) => RegExp {
  const places: { end: number; name: string }[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const name = bytes.toString('latin1', at, bytes.indexOf(0, at));
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    at += 512 + Math.ceil(size / 512) * 512;
    places.push({ end: at, name });
  }
  return (at) => {
    const inside = places.findIndex(({ end }) => at < end);
    // Without the word by which an archive is told.
    if (at >= 257 && at < 262) return /not a tape/;
    // The end is where no further header is.
    if (inside === -1) return new RegExp(`does not end as ktape writes it|after ${places.at(-1)?.name}`);
    // Where the manifest and a segment contradict each other, either may be the one that was changed.
    if (inside === 0) return new RegExp(['at its beginning', ...places.map(({ name }) => name)].join('|'));
    return new RegExp(`${places[inside]?.name}|after ${places[inside - 1]?.name}`);
  };
}

test('a byte changed anywhere in a signed archive is found and the place named, unpacked before or not', async (t) => {
  const { bytes, verify, parent } = await signedArchive(t);
  assert.equal((await verify(bytes, join(parent, 'warm'))).status, 0);
  const placeOf = placesOf(bytes);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('cold', 'warm'),
      async (at, change, cache) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const { status, said } = await verify(changed, cache === 'warm' ? join(parent, 'warm') : scratch(t));
        assert.equal(status, 1, `byte ${at} of ${bytes.length}, changed by ${change}`);
        assert.match(said, placeOf(at), `byte ${at}`);
        const paths = [...said.matchAll(/^([\w./-]+),/gm)].map(([, path]) => path);
        assert.deepEqual(paths, [...new Set(paths)], `byte ${at}: what is wrong is listed once`);
      },
    ),
    { numRuns: 150 },
  );
});
