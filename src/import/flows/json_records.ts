import { createReadStream } from 'node:fs';
import { DecodeError, reasonOf } from '../../errors.js';
import { Fields } from './fields.js';
import type { FlowEvent } from './import_flows.js';
import { recordTexts } from './record_texts.js';

/** A larger record than any tool writes is refused, in bytes. */
const MAX_RECORD_BYTES = 4 << 20;

/** What each JSON record of a file means; one that cannot be read is a problem with its line, and the next is read. */
export async function* jsonRecords(
  file: string,
  meaning: (record: Fields) => FlowEvent,
): AsyncGenerator<FlowEvent> {
  for await (const record of recordTexts(createReadStream(file), MAX_RECORD_BYTES)) {
    const place = `line ${record.line}`;
    yield 'problem' in record
      ? { problem: `${place}: ${record.problem}` }
      : understood(place, () => meaning(Fields.of(parsed(record.text))));
  }
}

/** What `read` gives; where it cannot be decoded, the problem with its place. */
export function understood(place: string, read: () => FlowEvent): FlowEvent {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return { problem: `${place}: ${error.message}` };
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DecodeError(`not JSON: ${reasonOf(error)}`);
  }
}
