import { DecodeError } from '../../errors.js';

/** Longer lines are refused, in characters. */
const MAX_LINE = 1 << 20;

/** The lines of UTF-8 text, as many at once as each chunk completes; in place of one that is too long, an error. */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<(string | Error)[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  const complete = (part: string): string | Error => {
    const line = isTooLong ? new DecodeError(`the line is longer than ${MAX_LINE} characters`) : rest + part;
    rest = '';
    isTooLong = false;
    return line;
  };
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const last = parts.pop() ?? '';
    if (parts.length > 0) yield parts.map(complete);
    isTooLong ||= rest.length + last.length > MAX_LINE;
    rest = isTooLong ? '' : rest + last;
  }
  const last = decoder.decode();
  if (rest !== '' || last !== '' || isTooLong) yield [complete(last)];
}
