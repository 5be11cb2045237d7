import { tableNamed } from '../../schema/tables/index.js';
import { T } from '../../schema/types.js';
import type { Where } from './leak.js';
import { type ColumnChunk, readFooter } from './parquet/footer.js';
import { footerTexts } from './parquet/footer_texts.js';
import { pagesOf } from './parquet/pages.js';
import type { SpilledHashes } from './search/spilled_hashes.js';
import { type Find, TextSearch, type Wanted } from './text_search.js';

/** Parquet's magic word before the first page. */
const FIRST_PAGE = 4;

/** Looks for identifiers in the files of a tape. */
export class Scan {
  private readonly search: TextSearch;

  /**
   * @param kept columns that may stay, as `spans.trace_id`
   * @param metIds where hashes of ids are put while it is not known which ones are looked for
   */
  constructor(
    wanted: Wanted,
    private readonly kept: ReadonlySet<string>,
    metIds: SpilledHashes,
  ) {
    this.search = new TextSearch(wanted, metIds);
  }

  /** Bytes of text that were searched. */
  get bytes(): number {
    return this.search.bytes;
  }

  /**
   * What of the original is in one file: once for a page.
   * @param header what an archive says of the file besides its path
   */
  file(path: string, bytes: Buffer, header: readonly string[]): readonly Find[] {
    const { search } = this;
    search.string(path, { file: path, place: 'file name' });
    for (const text of header) search.string(text, { file: path, place: 'archive header' });
    if (path.endsWith('.parquet')) this.parquet(path, bytes);
    else search.text(bytes, 0, bytes.length, { file: path, place: 'file' });
    return search.takeFinds();
  }

  private parquet(file: string, bytes: Buffer): void {
    const table = file.split('/').at(-2) ?? '';
    const footer = readFooter(bytes, file);
    for (const { bytes: text, of } of footerTexts(footer.metadata)) {
      if (!this.stays(table, of.column)) this.search.text(text, 0, text.length, { file, table, ...of });
    }
    let end = FIRST_PAGE;
    const chunks = footer.chunks.toSorted((a, b) => a.start - b.start);
    for (const { start, end: next } of [...chunks, footer, { start: footer.limit, end: footer.limit }]) {
      if (start > end) this.search.text(bytes, end, start, { file, table, place: 'unaccounted bytes' });
      end = Math.max(end, next);
    }
    for (const chunk of footer.chunks) {
      if (!this.stays(table, chunk.column)) this.chunk(file, table, bytes, chunk);
    }
  }

  private stays(table: string, column: string | undefined): boolean {
    return column !== undefined && this.kept.has(`${table}.${column}`);
  }

  private chunk(file: string, table: string, bytes: Buffer, chunk: ColumnChunk): void {
    const { column, rowGroup } = chunk;
    const type = tableNamed(table)?.columns[column]?.type;
    const meaning = {
      areNames: type === T.attributes || type?.redaction === 'pseudonym' || type?.redaction === 'address',
      areObjects: type === T.kubernetes_object,
    };
    for (const { place, texts, header, unaccounted } of pagesOf(bytes, chunk, file)) {
      const where: Where = { file, table, column, rowGroup, place };
      for (const text of header) this.search.text(text, 0, text.length, { ...where, place: 'statistics' });
      this.search.page(texts, where, meaning);
      for (const text of unaccounted)
        this.search.text(text, 0, text.length, { ...where, place: 'unaccounted bytes' });
    }
  }
}
