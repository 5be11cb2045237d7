import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { unreadable } from '../errors.js';

/**
 * Reads files whole, all into the same memory: what is in one is good until the next one is read. It waits for them where
 * it stands, for threads that have nothing else to do meanwhile.
 */
export class FileReader {
  private memory = Buffer.alloc(0);

  /** Throws an InvalidFileError that names the file where it cannot be read. */
  read(path: string): Buffer {
    try {
      return this.bytesOf(path);
    } catch (error) {
      return unreadable(path, error);
    }
  }

  private bytesOf(path: string): Buffer {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (this.memory.length < size) this.memory = Buffer.allocUnsafeSlow(2 * size);
      let end = 0;
      for (let read = 1; read > 0 && end < size; end += read) {
        read = readSync(file, this.memory, end, size - end, end);
      }
      return this.memory.subarray(0, end);
    } finally {
      closeSync(file);
    }
  }
}
