import { randomBytes } from 'node:crypto';
import type { Sender } from './senders.js';

/** What clients sent, and what they were told. */
export class Ledger {
  /** How often each request was sent, by its text. */
  readonly sent = new Map<string, number>();
  readonly acknowledged = new Set<string>();
  /** Sent, and not acknowledged: sent again as soon as there is a recorder. */
  private readonly waiting: string[] = [];

  /** Sends one request after the other while `running` says so. */
  async send(sender: Sender, running: () => boolean): Promise<void> {
    while (running()) await this.sendOne(sender, this.waiting.shift() ?? this.next());
  }

  /** Sends again what waits; resolves when all is acknowledged. */
  async sendWaiting(sender: Sender): Promise<void> {
    for (let text = this.waiting.shift(); text !== undefined; text = this.waiting.shift()) {
      await this.sendOne(sender, text);
    }
  }

  /** What is wrong with a tape on which each request is so often. */
  wrongs(times: ReadonlyMap<string, number>): string[] {
    const lost = [...this.acknowledged].filter((text) => !times.has(text));
    const tooOften = [...times].filter(([text, count]) => count > (this.sent.get(text) ?? 0));
    return [
      ...lost.map((text) => `${text} was acknowledged and is not on the tape`),
      ...tooOften.map(
        ([text, count]) => `${text} was sent ${this.sent.get(text) ?? 0} times and is there ${count} times`,
      ),
    ];
  }

  private next(): string {
    return `request-${String(this.sent.size).padStart(6, '0')}`;
  }

  private async sendOne(sender: Sender, text: string): Promise<void> {
    this.sent.set(text, (this.sent.get(text) ?? 0) + 1);
    // Every fourth is large, so that there is something to seal all the time.
    const bytes = this.sent.size % 4 === 0 ? 600_000 : 1_000;
    const acknowledged = await sender.send(`${text} ${randomBytes(bytes / 2).toString('hex')}`);
    if (acknowledged) this.acknowledged.add(text);
    else this.waiting.push(text);
  }
}
