import { tables } from '../../../schema/tables/index.js';

/** Words that stand in tapes whoever recorded them: values of JSON, levels of logs, what programs say of themselves. */
const COMMON = `
  true false null none unknown default empty trace debug info warn warning error fatal critical notice
  main test name type kind status state reason message time node host port value data text list item items
  ktape recorded recording complete unavailable
  http https grpc rpc sql tcp udp dns tls api app web get set post put head
`;

/**
 * Lower-case words of which it says nothing to find them in a text, though somebody has named a thing so: the list above,
 * and the names of tables and columns. They are looked for in columns and fields that hold names.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set([
  ...COMMON.trim().split(/\s+/),
  ...tables
    .flatMap(({ name, columns }) => [name, ...Object.keys(columns)])
    .flatMap((name) => [name, ...name.split('_')]),
]);
