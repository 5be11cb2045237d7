/**
 * Characters that a terminal or a reader's eye takes for something else than text: controls, escape
 * sequences, marks that turn the direction of writing, separators of lines, halves of surrogate pairs.
 */
const ACTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found.
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every such character written out, as `\n` or `\u001b`; it stays on one line. */
export function inert(text: string): string {
  return text.replace(ACTIVE, (character) => SHORT[character] ?? escaped(character));
}

/** Like `inert`, for text of several lines that are this program's own. */
export function inertLines(text: string): string {
  return text.split('\n').map(inert).join('\n');
}

/** JSON text with those characters escaped that JSON would let through; what it says stays the same. */
export function inertJson(json: string): string {
  if (!/[^\n -~]/.test(json)) return json;
  return json.replace(ACTIVE, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
