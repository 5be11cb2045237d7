import type { Place } from '../leak.js';
import { byteStrings, pathOf, type Struct, structOf, structs } from './footer.js';

/** What a text of the footer is part of. */
interface FooterPlace {
  readonly place: Place;
  readonly column?: string;
  readonly rowGroup?: number;
}

/** A text of the footer. */
interface FooterText {
  readonly bytes: Uint8Array;
  readonly of: FooterPlace;
}

/** Of FileMetaData the schema (2), row groups (4), key-value metadata (5) and created_by (6); all else is of the footer. */
const PLACES: Readonly<Record<string, Place>> = {
  field_2: 'column name',
  field_5: 'key-value metadata',
  field_6: 'created_by',
};
const ROW_GROUPS = 'field_4';
/** Of a row group its chunks, of a chunk its ColumnMetaData, and of that the path, key-value metadata and statistics. */
const CHUNKS = 'field_1';
const METADATA = 'field_3';
const CHUNK_PLACES: Readonly<Record<string, Place>> = {
  field_3: 'column name',
  field_8: 'key-value metadata',
  field_12: 'statistics',
};

/** Every byte string that the FileMetaData of a footer holds. */
export function footerTexts(metadata: Struct): FooterText[] {
  const texts: FooterText[] = [];
  const see = (value: unknown, of: FooterPlace) => {
    for (const bytes of byteStrings(value)) texts.push({ bytes, of });
  };
  const seeChunk = (chunk: Struct, rowGroup: number) => {
    const ofColumn = structOf(chunk[METADATA]);
    const column = pathOf(ofColumn.field_3)[0] ?? '';
    for (const [field, value] of Object.entries(chunk))
      if (field !== METADATA) see(value, { place: 'footer', column, rowGroup });
    for (const [field, value] of Object.entries(ofColumn))
      see(value, { place: CHUNK_PLACES[field] ?? 'footer', column, rowGroup });
  };
  for (const [field, value] of Object.entries(metadata))
    if (field !== ROW_GROUPS) see(value, { place: PLACES[field] ?? 'footer' });
  for (const [rowGroup, group] of structs(metadata[ROW_GROUPS]).entries()) {
    for (const [field, value] of Object.entries(group))
      if (field !== CHUNKS) see(value, { place: 'footer', rowGroup });
    for (const chunk of structs(group[CHUNKS])) seeChunk(chunk, rowGroup);
  }
  return texts;
}
