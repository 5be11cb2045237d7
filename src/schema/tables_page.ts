import type { Column, Table } from './table.js';

/** The text of `src/schema/TABLES.md`: every table and column for reading. */
export function tablesPage(tables: readonly Table[]): string {
  const contents = tables.map(({ name, doc }) => `- [\`${name}\`](#${name}): ${doc}`).join('\n');
  return `# Tables

Generated from \`src/schema/tables\`. Do not edit.

Times are nanoseconds since the Unix epoch, UTC. *Shared as* is what must become of the column when a
tape is given to others: \`keep\` as it is (of text what is published, or what the kernel says), \`pseudonym\` for
the same word everywhere, \`address\` with networks kept apart, \`text\` with secrets cut and known names replaced,
\`drop\` left out.

${contents}

${tables.map(section).join('\n')}`;
}

function section({ name, doc, source, columns }: Table): string {
  const rows = Object.entries(columns).map(([column, declared]) => row(column, declared));
  return `## ${name}

${doc} Filled by: ${source}.

| column | type | meaning | shared as |
|---|---|---|---|
${rows.join('\n')}
`;
}

function row(name: string, { type, doc, nullable }: Column): string {
  const sqlType = nullable ? `${type.sql}, may be NULL` : type.sql;
  return `| \`${name}\` | ${sqlType} | ${cell(doc)} | \`${type.redaction}\`: ${cell(type.because)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
