import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { KtapeError, reasonOf, UsageError, unreadable } from '../errors.js';

/** What every file encrypted with age begins with (age-encryption.org/v1). */
export const AGE_MAGIC = 'age-encryption.org/v1\n';
/** Of the header, which has a hundred bytes for each recipient, a few thousand where they are post-quantum. */
const MAX_HEADER_BYTES = 1 << 20;

/** Loaded when needed: it takes a tenth of a second. */
const library = () => import('age-encryption');

/** A line that a file or an option has, and how messages name it. */
interface Line {
  readonly line: string;
  readonly where: string;
}

/**
 * The recipients given: each `age1…`, or a file with one in each line, and comments. Throws a UsageError that names
 * the option and the value, or the line.
 * @param option what they were given as, for messages: `--encrypt-to`.
 */
export async function recipientsOf(given: readonly string[], option: string): Promise<string[]> {
  const { Encrypter } = await library();
  const recipients: string[] = [];
  for (const text of given) {
    for (const { line, where } of await recipientLines(text, option)) {
      check(where, 'an age recipient: age1…, as age-keygen -y shows it', () =>
        new Encrypter().addRecipient(line),
      );
      recipients.push(line);
    }
  }
  return recipients;
}

async function recipientLines(text: string, option: string): Promise<readonly Line[]> {
  if (text.startsWith('age1')) return [{ line: text, where: `${option} ${text}` }];
  const expected = 'expected an age recipient (age1…), or a file with some';
  if (text === '') throw new UsageError(`${option} "": ${expected}`);
  if (/^AGE-SECRET-KEY/i.test(text)) throw new UsageError(`${option}: a secret key; ${expected}`);
  return linesOf(text, option);
}

/**
 * The identities in a file as `age-keygen -o FILE` makes it. Throws a UsageError that shows nothing of them.
 * @param option what the file was given as, for messages
 */
export async function readIdentities(file: string, option = '--identity'): Promise<string[]> {
  const { Decrypter } = await library();
  const lines = await linesOf(file, option);
  for (const { line, where } of lines) {
    check(where, 'an age identity: AGE-SECRET-KEY-1…', () => new Decrypter().addIdentity(line));
  }
  return lines.map(({ line }) => line);
}

/** Lines of a file that are not comments, of which there is at least one. */
async function linesOf(file: string, option: string): Promise<Line[]> {
  const named = `${option} ${file}`;
  const text = await readFile(file, 'utf8')
    .catch((error) => unreadable(named, error))
    .catch((error) => {
      throw new UsageError(reasonOf(error));
    });
  const lines = text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), where: `${named}: line ${i + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new UsageError(`${named}: has no key in it`);
  return lines;
}

/** What a key is does not belong into messages: it may be the secret one. */
function check(where: string, expected: string, take: () => void): void {
  try {
    take();
  } catch {
    throw new UsageError(`${where}: not ${expected}`);
  }
}

/** Encrypts as it goes, to any of the recipients. */
export async function encrypted(content: Readable, recipients: readonly string[]): Promise<Readable> {
  const encrypter = new (await library()).Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(content)));
}

/**
 * Decrypts as it goes; the stream fails where a byte is not what was encrypted, having given only bytes that were.
 * Throws a KtapeError where none of the identities can open it.
 */
export async function decrypted(content: Readable, identities: readonly string[]): Promise<Readable> {
  const decrypter = new (await library()).Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    const clear = await decrypter.decrypt(ReadableStream.from(withShortHeader(content)));
    return Readable.from(asEncrypted(clear), { objectMode: false });
  } catch (error) {
    content.destroy();
    if (error instanceof KtapeError) throw error;
    throw new KtapeError(`cannot be decrypted: ${reasonOf(error)}`);
  }
}

/** The library takes all into memory until the header ends, which a stranger's may never do. */
async function* withShortHeader(content: Readable): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let isHeader = true;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    if (isHeader) {
      head = Buffer.concat([head, chunk]);
      // The header's last line has its MAC.
      isHeader = !head.includes('\n--- ');
      if (isHeader && head.length > MAX_HEADER_BYTES)
        throw new KtapeError(`not encrypted with age: its header is longer than ${MAX_HEADER_BYTES} bytes`);
    }
    yield chunk;
  }
}

/** The library's errors tell little of what they mean. */
async function* asEncrypted(clear: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* clear;
  } catch (error) {
    throw new Error(`not as it was encrypted, but damaged, cut off or changed (${reasonOf(error)})`);
  }
}
