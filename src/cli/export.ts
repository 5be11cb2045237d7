import type { Command } from 'commander';
import { FILE_FORMATS } from '../convert/files/export_tables.js';
import { addExportFiles } from './export/files.js';
import { addExportOtlp } from './export/otlp.js';
import type { Terminal } from './terminal.js';

/** `ktape export` with `otlp` and formats of files. */
export function defineExport(command: Command, terminal: Terminal): void {
  addExportOtlp(command, terminal);
  for (const format of FILE_FORMATS) addExportFiles(command, terminal, format);
}
