import { type Cidr, compareIps, firstOf, type IpBytes, nextAfter } from '../ip.js';

/** The parts into which the borders of some blocks cut all addresses; the families are always told apart. */
export class AddressParts {
  /** The first address of each part but the very first, in order. */
  private readonly v4: readonly IpBytes[];
  private readonly v6: readonly IpBytes[];

  constructor(blocks: readonly Cidr[]) {
    this.v4 = bordersOf(blocks.filter(({ bytes }) => bytes.length === 4));
    this.v6 = bordersOf(blocks.filter(({ bytes }) => bytes.length === 16));
  }

  /** How many parts there are, with that of what has no address. */
  get count(): number {
    return this.v4.length + this.v6.length + 3;
  }

  /** The number of the part in which an address lies, from zero. */
  partOf(ip: IpBytes | undefined): number {
    if (ip === undefined) return 0;
    if (ip.length === 4) return 1 + bordersUpTo(this.v4, ip);
    return 2 + this.v4.length + bordersUpTo(this.v6, ip);
  }
}

function bordersOf(blocks: readonly Cidr[]): IpBytes[] {
  const after = blocks.flatMap((block) => nextAfter(block) ?? []);
  const borders: IpBytes[] = [];
  for (const border of [...blocks.map(firstOf), ...after].sort(compareIps)) {
    const last = borders.at(-1);
    if (last === undefined || compareIps(border, last) !== 0) borders.push(border);
  }
  return borders;
}

/** How many of the borders are at or before the address. */
function bordersUpTo(borders: readonly IpBytes[], ip: IpBytes): number {
  let low = 0;
  let high = borders.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIps(borders[middle] ?? ip, ip) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
