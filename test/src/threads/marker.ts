import { serve } from '../../../src/threads/serve.js';

/** Served by threads in tests: it marks what it was asked, in memory that both threads see. */
export class Marker {
  async mark({ marks, task }: { marks: Int32Array; task: number }): Promise<number> {
    Atomics.store(marks, task, 1);
    Atomics.notify(marks, task);
    return task;
  }

  async die(_: undefined): Promise<void> {
    setImmediate(() => {
      throw new Error('no more of this thread');
    });
    await new Promise(() => undefined);
  }
}

serve(new Marker());
