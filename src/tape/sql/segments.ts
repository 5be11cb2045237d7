import { sqlList, sqlText } from './literals.js';

/** A query for all rows of files that are given in the order in which they were received, each with its place in it. */
export function receivedRows(files: readonly string[]): string {
  return `SELECT *, file_index AS source_file, file_row_number AS source_row
    FROM read_parquet(${sqlList(files)}, file_row_number = true)`;
}

/** A query for rows that receivedRows gave, in the order of a segment and with the columns of the table only. */
export function segmentRows(received: string): string {
  return `SELECT * EXCLUDE (source_file, source_row, file_row_number)
    FROM (${received}) ORDER BY time, source_file, source_row`;
}

/** A statement that writes the rows of a query to a file as segments are. */
export function writeRows(rows: string, file: string): string {
  return `COPY (${rows}) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`;
}
