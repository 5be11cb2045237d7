import { DecodeError } from '../../../errors.js';

/** What is wrong with the bytes of a Parquet file; `readParquet` adds the file and the column. */
export class Malformed extends DecodeError {}
