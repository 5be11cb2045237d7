import { open } from 'node:fs/promises';

/** Reads files whole, all into the same memory: what is in one is good until the next one is read. */
export class FileReader {
  private memory = Buffer.alloc(0);

  async read(path: string): Promise<Buffer> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (this.memory.length < size) this.memory = Buffer.allocUnsafeSlow(2 * size);
      let end = 0;
      for (let read = 1; read > 0 && end < size; end += read) {
        read = (await file.read(this.memory, end, size - end, end)).bytesRead;
      }
      return this.memory.subarray(0, end);
    } finally {
      await file.close();
    }
  }
}
