import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads files whole, all into the same memory: what is in one is good until the next one is read. */
export class FileReader {
  private memory = Buffer.alloc(0);

  read(path: string): Buffer {
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
