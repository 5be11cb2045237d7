import { ownLoader } from '../../../capture/probes/loader_process.js';
import { type Probes, startProbes } from '../../../capture/probes/probes.js';
import { packetDrops } from '../../../src/schema/tables/packet_drops.js';
import { OpenBatches } from '../../../src/tape/open_batches.js';
import { type Ending, PROBES_DIRECTORY } from './network.js';

/** Holds some 600,000 events: it does not fill while the machine is busy with the recorder that is tested. */
const RING_BYTES = 64 << 20;

/** So many rows are counted at a time. */
const COUNTED_AT = 50_000;

/**
 * A second loader with a large ring, which sees what all of the kernel drops: it tells how much of it was not in one
 * network namespace.
 */
export class DropWitness {
  private readonly batches = new OpenBatches('witness');
  private readonly strangers = new Map<string, bigint>();
  private unseen = 0n;
  private readonly probes: Probes;

  constructor(
    t: Ending,
    private readonly namespace: number,
  ) {
    this.probes = startProbes({
      loader: ownLoader(PROBES_DIRECTORY, ['packet_drops'], ['--ring-bytes', String(RING_BYTES)]),
      probes: ['packet_drops'],
      batchOf: (table) => {
        if (this.batches.of(packetDrops).rows >= COUNTED_AT) this.count();
        return this.batches.of(table);
      },
      onLoss: ({ count }) => {
        this.unseen += count;
      },
      onClockJump: () => undefined,
    });
    t.after(() => this.probes.stop());
  }

  /** Resolves when it sees all drops. */
  async ready(): Promise<void> {
    await this.probes.ready;
  }

  /** Ends it. Returns how many drops for each reason there were elsewhere, and how many of all it did not see itself. */
  async stop(): Promise<{ readonly strangers: ReadonlyMap<string, bigint>; readonly unseen: bigint }> {
    await this.probes.stop();
    this.count();
    return { strangers: this.strangers, unseen: this.unseen };
  }

  private count(): void {
    const batch = this.batches.of(packetDrops);
    const { network_namespace, reason } = batch.columns;
    for (let row = 0; row < batch.rows; row++) {
      if (network_namespace.value(row) === this.namespace) continue;
      const name = reason.value(row) ?? '';
      this.strangers.set(name, (this.strangers.get(name) ?? 0n) + 1n);
    }
    batch.truncate(0);
  }
}
