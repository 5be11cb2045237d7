import { DecodeError, reasonOf } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { canonicalIp } from '../../policy/ip.js';
import { parseTime } from '../../tape/time.js';

/** The largest count, and time in nanoseconds since the epoch, that a tape can hold. */
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The fields of one JSON object of another tool. A field that is missing, null or has protobuf's empty text is null;
 * one that is not what it must be throws a DecodeError, which names it. A name such as `pod_name` is found as `podName`
 * too, since protobuf's JSON knows both.
 */
export class Fields {
  private constructor(
    private readonly object: JsonObject,
    private readonly path: string,
  ) {}

  /** The fields of a whole record. */
  static of(record: unknown): Fields {
    return new Fields(objectOf(record, 'record'), '');
  }

  get names(): string[] {
    return Object.keys(this.object);
  }

  has(name: string): boolean {
    return this.value(name) !== null;
  }

  isList(name: string): boolean {
    return Array.isArray(this.value(name));
  }

  text(name: string): string | null {
    const value = this.value(name);
    if (value === null || value === '') return null;
    return typeof value === 'string' ? value : this.refuse(name, value, 'text');
  }

  texts(name: string): string[] {
    return this.list(name).map((value, i) =>
      typeof value === 'string' ? value : this.refuse(`${name}[${i}]`, value, 'text'),
    );
  }

  flag(name: string): boolean | null {
    const value = this.value(name);
    if (value === null) return null;
    return typeof value === 'boolean' ? value : this.refuse(name, value, 'true or false');
  }

  /** A whole number from 0 to `most`; also where it was written as text. */
  number(name: string, most: number): number | null {
    const value = this.whole(name, BigInt(most));
    return value === null ? null : Number(value);
  }

  /** A whole number of 63 bits. */
  count(name: string): bigint | null {
    return this.whole(name, MAX_INT64);
  }

  /** An address in its canonical spelling. */
  address(name: string): string | null {
    const text = this.text(name);
    return text === null ? null : (canonicalIp(text) ?? this.refuse(name, text, 'an IP address'));
  }

  /** An RFC 3339 time as nanoseconds since the epoch. */
  time(name: string): bigint | null {
    const text = this.text(name);
    if (text === null) return null;
    let time: bigint;
    try {
      time = parseTime(text);
    } catch (error) {
      throw new DecodeError(`${this.place(name)}: ${reasonOf(error)}`);
    }
    return this.inRange(name, text, time);
  }

  /** A time in units of `unit` nanoseconds since the epoch. */
  epoch(name: string, unit: bigint): bigint | null {
    const count = this.count(name);
    return count === null ? null : this.inRange(name, count, count * unit);
  }

  /** One of a set of published names, by its name or number; a number without a name stays one. */
  enumeration(name: string, names: ReadonlyMap<number, string>): string | null {
    const value = this.value(name);
    if (typeof value === 'string' && /\D/.test(value))
      return /^\w+$/.test(value) ? value : this.refuse(name, value, 'a name of an enum or its number');
    const number = this.number(name, 2 ** 31 - 1);
    return number === null ? null : (names.get(number) ?? String(number));
  }

  /** The fields of the object under `name`; without any where there is none. */
  message(name: string): Fields {
    const value = this.value(name);
    return new Fields(value === null ? {} : objectOf(value, this.place(name)), this.place(name));
  }

  messages(name: string): Fields[] {
    return this.list(name).map((value, i) => {
      const place = `${this.place(name)}[${i}]`;
      return new Fields(objectOf(value, place), place);
    });
  }

  /** Throws what is wrong with the field. */
  refuse(name: string, value: unknown, expected: string): never {
    throw new DecodeError(`${this.place(name)}: ${shown(value)} is not ${expected}`);
  }

  private list(name: string): readonly unknown[] {
    const value = this.value(name) ?? [];
    return Array.isArray(value) ? value : this.refuse(name, value, 'a list');
  }

  private whole(name: string, most: bigint): bigint | null {
    const value = this.value(name);
    if (value === null || value === '') return null;
    const isWhole =
      typeof value === 'bigint' ||
      Number.isSafeInteger(value) ||
      (typeof value === 'string' && /^\d{1,20}$/.test(value));
    const whole = isWhole ? BigInt(value as bigint | number | string) : -1n;
    return whole < 0n || whole > most ? this.refuse(name, value, `a whole number from 0 to ${most}`) : whole;
  }

  private inRange(name: string, value: unknown, time: bigint): bigint {
    if (time <= MAX_INT64 && time >= -MAX_INT64) return time;
    return this.refuse(name, value, 'between the years 1677 and 2262, which a tape can hold');
  }

  private value(name: string): unknown {
    const { object } = this;
    if (Object.hasOwn(object, name)) return object[name] ?? null;
    if (!name.includes('_')) return null;
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return Object.hasOwn(object, camel) ? (object[camel] ?? null) : null;
  }

  private place(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function objectOf(value: unknown, place: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new DecodeError(`${place}: ${shown(value)} is not a JSON object`);
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
