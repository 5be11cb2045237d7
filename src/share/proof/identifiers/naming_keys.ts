/** Conventions whose values are code, paths, statements or words of a protocol, whatever their keys end in. */
const NOT_NAMING =
  /^(?:browser|code|error|exception|graphql|http|log|messaging\.operation|otel|rpc|sql|telemetry|thread|url)\./;

/** What the last word of a key calls a thing by. */
const NAMING = new Set(
  `account address bucket cluster collection consumer container customer database deployment domain group host hostname
  id image instance job name namespace node org organization owner pod project queue region service site table team
  tenant topic user username workload zone`.split(/\s+/),
);

/** Whether an attribute's value is the name of something, by which people speak of it: told by the words of its key. */
export function isNamingKey(key: string): boolean {
  const words = key.replace(/([a-z\d])([A-Z])/g, '$1.$2').toLowerCase();
  return NAMING.has(words.split(/[._-]/).at(-1) ?? '') && !NOT_NAMING.test(key);
}

/** Fewest characters of a name that is no plain word, and of any. */
const FEWEST_JOINED = 8;
const FEWEST = 12;
/** Longer ones nobody says in a text. */
const MOST = 100;

/** Bytes of a character in UTF-8, at most. */
const BYTES = 4;
const SLASH = 47;

/** False only for what is not, without a string being made: paths, and what is too short or too long. */
export function mayBeDistinctive(bytes: Uint8Array, start: number, end: number): boolean {
  const size = end - start;
  return size >= FEWEST_JOINED && size <= MOST * BYTES && bytes[start] !== SLASH;
}

/** Whether a name tells whose it is wherever it stands: not a short plain word, nor a path or URL. */
export function isDistinctive(text: string): boolean {
  const { length } = text;
  if (length < FEWEST_JOINED || length > MOST || !/\p{L}/u.test(text)) return false;
  if (text.startsWith('/') || text.includes('://')) return false;
  return length >= FEWEST || /[^\p{L}]/u.test(text);
}
