/** A string as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Strings as an SQL list literal. */
export function sqlList(items: readonly string[]): string {
  return `[${items.map(sqlText).join(', ')}]`;
}
