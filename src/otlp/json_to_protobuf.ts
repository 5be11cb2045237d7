import { LosslessNumber } from 'lossless-json';
import { DecodeError } from '../errors.js';
import { invalid, type Place, textOfPlace } from './json_place.js';
import { enumerationOf, writeScalar } from './json_scalars.js';
import { type Field, isPackable, type Message, tagsOf, unpackedTag } from './messages.js';
import { parseLossless } from './parse_json.js';
import { ProtobufWriter } from './protobuf_writer.js';

/** How deep messages may nest, as in protobuf. */
const MAX_NESTING = 100;

/**
 * The protobuf bytes of a message given as the text of OTLP/JSON. Besides what OTLP demands, names of fields may be in
 * snake_case and enumerations may be named, as protobuf's own JSON allows. Throws DecodeError, which names the place
 * in the JSON, the value and what was expected.
 */
export function jsonTextToProtobuf(message: Message, text: string): Uint8Array {
  return jsonToProtobuf(message, parseLossless(text));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of JSON, without a byte order mark. Throws DecodeError where it is not UTF-8, as JSON has to be. */
export function textOfJson(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new DecodeError('not UTF-8, as JSON has to be');
  }
}

/** As `jsonTextToProtobuf`, for JSON that is parsed already. */
export function jsonToProtobuf(message: Message, json: unknown): Uint8Array {
  const writer = new ProtobufWriter();
  writeMessage(writer, message, json, { parent: undefined, key: '' }, 0);
  return writer.finish();
}

interface TaggedField extends Field {
  readonly tag: number;
}

const byName = new WeakMap<Message, Map<string, TaggedField>>();

function fieldNamed(message: Message, name: string): TaggedField | undefined {
  let fields = byName.get(message);
  if (fields === undefined) {
    fields = new Map();
    const tags = tagsOf(message);
    for (const [camel, field] of Object.entries(message)) {
      const tagged = { ...field, tag: tags[camel] ?? unpackedTag(field) };
      fields.set(camel, tagged);
      fields.set(
        camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        tagged,
      );
    }
    byName.set(message, fields);
  }
  return fields.get(name);
}

function writeMessage(
  writer: ProtobufWriter,
  message: Message,
  json: unknown,
  place: Place,
  depth: number,
): void {
  if (depth > MAX_NESTING) {
    throw new DecodeError(
      `${textOfPlace(place).slice(0, 80)}…: messages nested more than ${MAX_NESTING} deep`,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || json instanceof LosslessNumber) {
    throw invalid(place, json, 'an object');
  }
  const oneofs = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    const field = fieldNamed(message, name);
    if (field === undefined || value === null) continue;
    const at = { parent: place, key: name };
    refuseSecondOfOneof(oneofs, field, name, at);
    writeField(writer, field, value, at, depth);
  }
}

function refuseSecondOfOneof(seen: Map<string, string>, { oneof }: Field, name: string, place: Place): void {
  if (oneof === undefined) return;
  const before = seen.get(oneof);
  if (before !== undefined)
    throw new DecodeError(`${textOfPlace(place)}: only one of ${before} and ${name} may be set`);
  seen.set(oneof, name);
}

function writeField(
  writer: ProtobufWriter,
  field: TaggedField,
  json: unknown,
  place: Place,
  depth: number,
): void {
  const { tag, type, repeated } = field;
  if (!repeated) {
    writer.uint32(tag);
    writeValue(writer, type, json, place, depth);
  } else if (!Array.isArray(json)) {
    throw invalid(place, json, 'an array');
  } else if (isPackable(field)) {
    writer.uint32(tag);
    writer.delimited(() => {
      for (const [key, item] of json.entries()) writeValue(writer, type, item, { parent: place, key }, depth);
    });
  } else {
    for (const [key, item] of json.entries()) {
      writer.uint32(tag);
      writeValue(writer, type, item, { parent: place, key }, depth);
    }
  }
}

function writeValue(
  writer: ProtobufWriter,
  type: Field['type'],
  json: unknown,
  place: Place,
  depth: number,
): void {
  if (typeof type === 'function') {
    writer.delimited(() => writeMessage(writer, type(), json, place, depth + 1));
  } else if (typeof type === 'object') {
    writer.varint(enumerationOf(json, type, place));
  } else writeScalar(writer, type, json, place);
}
