import { tableNamed } from '../../schema/tables/index.js';
import { T } from '../../schema/types.js';
import type { Identifiers } from './identifiers/identifiers.js';
import { walkObject } from './identifiers/objects.js';
import type { IdentifierKind, Leak } from './leak.js';
import { type ColumnChunk, readFooter } from './parquet/footer.js';
import { holdsTexts, type Texts, textPages } from './parquet/pages.js';
import { hiddenForms, mayHide } from './search/hidden_forms.js';
import type { TapeFile } from './tape_files.js';

/** Where a text stands: a leak without what it is. */
type Where = Omit<Leak, 'kind' | 'sample'>;

/** How deep forms are undone within each other: base64 of a URL-encoded text is two. */
const MAX_DEPTH = 2;

/** Parquet's magic word before the first page. */
const FIRST_PAGE = 4;

/** Looks for identifiers in the files of a tape. */
export class Scan {
  /** Bytes of text that were searched. */
  bytes = 0;
  private leaks: Leak[] = [];
  /** What was told already: each kind once for a place. */
  private readonly told = new Set<string>();

  /** @param kept columns that may stay, as `spans.trace_id` */
  constructor(
    private readonly identifiers: Identifiers,
    private readonly kept: ReadonlySet<string>,
  ) {}

  /** Leaks of one file. */
  file({ path, bytes, header }: TapeFile): readonly Leak[] {
    this.leaks = [];
    this.string(path, { file: path, place: 'file name' });
    for (const text of header) this.string(text, { file: path, place: 'archive header' });
    if (path.endsWith('.parquet')) this.parquet(path, bytes);
    else this.text(bytes, 0, bytes.length, { file: path, place: 'file' });
    return this.leaks;
  }

  private parquet(file: string, bytes: Buffer): void {
    const table = file.split('/').at(-2) ?? '';
    const footer = readFooter(bytes, file);
    for (const { bytes: text, ...where } of footer.texts) {
      if (!this.stays(table, where.column)) this.text(text, 0, text.length, { file, table, ...where });
    }
    let end = FIRST_PAGE;
    const chunks = footer.chunks.toSorted((a, b) => a.start - b.start);
    for (const { start, end: next } of [...chunks, { start: footer.start, end: footer.start }]) {
      if (start > end) this.text(bytes, end, start, { file, table, place: 'unaccounted bytes' });
      end = Math.max(end, next);
    }
    for (const chunk of footer.chunks) {
      if (holdsTexts(chunk) && !this.stays(table, chunk.column)) this.chunk(file, table, bytes, chunk);
    }
  }

  private stays(table: string, column: string | undefined): boolean {
    return column !== undefined && this.kept.has(`${table}.${column}`);
  }

  private chunk(file: string, table: string, bytes: Buffer, chunk: ColumnChunk): void {
    const { column, rowGroup } = chunk;
    const type = tableNamed(table)?.columns[column]?.type;
    const holdsNames =
      type === T.attributes || type?.redaction === 'pseudonym' || type?.redaction === 'address';
    const holdsObjects = type === T.kubernetes_object;
    for (const { place, texts, header } of textPages(bytes, chunk, file)) {
      const where = { file, table, column, rowGroup, place };
      for (const text of header) this.text(text, 0, text.length, { ...where, place: 'statistics' });
      this.texts(texts, where, holdsNames, holdsObjects);
    }
  }

  private texts(texts: Texts, where: Where, holdsNames: boolean, holdsObjects: boolean): void {
    const { bytes, starts, ends, count, rest } = texts;
    const { ids } = this.identifiers;
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (ids.isId(bytes, start, end)) {
        this.bytes += end - start;
        if (ids.hasLast()) this.tell(decoded(bytes, start, end), 'id', where);
        continue;
      }
      this.text(bytes, start, end, where);
      if (holdsNames) this.value(bytes, start, end, where);
      if (holdsObjects) this.object(bytes.toString('utf8', start, end), where);
    }
    if (rest > 0)
      this.text(bytes, bytes.length - rest, bytes.length, { ...where, place: 'unaccounted bytes' });
  }

  /** Looks for identifiers anywhere in a text, and in what it says in other forms. */
  private text(bytes: Uint8Array, start: number, end: number, where: Where, depth = 0): void {
    const { patterns, ids } = this.identifiers;
    this.bytes += end - start;
    patterns.search(bytes, start, end, (pattern, from, to) => {
      if (!this.isPartOfPublished(bytes, start, end, from, to))
        this.tell(pattern.original, pattern.kind, where);
    });
    ids.search(bytes, start, end, (from, to) => this.tell(decoded(bytes, from, to), 'id', where));
    if (depth === MAX_DEPTH || !mayHide(bytes, start, end)) return;
    for (const form of hiddenForms(decoded(bytes, start, end))) this.string(form, where, depth + 1);
  }

  private string(text: string, where: Where, depth = 0): void {
    const bytes = Buffer.from(text);
    this.text(bytes, 0, bytes.length, where, depth);
  }

  /** Looks for an identifier that is a whole value of a column or field that holds names. */
  private value(bytes: Uint8Array, start: number, end: number, where: Where): void {
    if (!this.identifiers.hasValue(bytes, start, end)) return;
    const text = decoded(bytes, start, end);
    if (!this.identifiers.maySay(text)) this.tell(text, 'name', where);
  }

  private object(json: string, where: Where): void {
    walkObject(json, (text, what) => {
      const bytes = Buffer.from(text);
      if (what !== 'other') this.value(bytes, 0, bytes.length, where);
    });
  }

  /** Whether what was found is only a part of a longer published word, as `error` is of `error.type`. */
  private isPartOfPublished(
    bytes: Uint8Array,
    start: number,
    end: number,
    first: number,
    last: number,
  ): boolean {
    let from = first;
    let to = last;
    while (from > start && isOfWord(bytes[from - 1] ?? 0)) from--;
    while (to < end && isOfWord(bytes[to] ?? 0)) to++;
    return to - from > last - first && this.identifiers.maySay(decoded(bytes, from, to));
  }

  private tell(original: string, kind: IdentifierKind, where: Where): void {
    const { file, place, column, rowGroup } = where;
    const key = JSON.stringify([kind, file, place, column, rowGroup]);
    if (this.told.has(key)) return;
    this.told.add(key);
    const masked = place === 'file name' ? maskedPath(file) : file;
    this.leaks.push({ ...where, file: masked, kind, sample: this.sample(original, kind) });
  }

  private sample(original: string, kind: IdentifierKind): string {
    const pseudonym = this.identifiers.pseudonyms.get(original);
    const length = `${kind === 'address' || kind === 'id' ? 'an' : 'a'} ${kind} of ${original.length} characters`;
    return pseudonym === undefined ? length : `${length} that should read ${pseudonym}`;
  }
}

/** Bytes of words as conventions write them: letters, digits, `.`, `_`, `/` and `-`. */
function isOfWord(byte: number): boolean {
  return /[A-Za-z0-9._/-]/.test(String.fromCharCode(byte));
}

function decoded(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

/** The path with all but the name of a table masked. */
function maskedPath(path: string): string {
  const [table = ''] = path.split('/');
  return tableNamed(table) === undefined ? '…' : `${table}/…`;
}
