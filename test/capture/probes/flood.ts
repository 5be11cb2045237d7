import { type Ending, link, Namespace } from './network.js';

/** What each kind of datagram is dropped for; nftables counts it before. */
const FLOODS = {
  NETFILTER_DROP: { from: '10.77.1.1', localPort: 40_001, port: 7 },
  NO_SOCKET: { from: '10.77.1.1', localPort: 40_002, port: 9 },
  // An address that the server has no way back to.
  IP_RPFILTER: { from: '10.78.0.1', localPort: 40_003, port: 7 },
} as const;

/** A drop reason that a server can be flooded for. */
type FloodReason = keyof typeof FLOODS;
export const FLOOD_REASONS = Object.keys(FLOODS) as readonly FloodReason[];

/** What a flood took to send, in seconds, of time and of the processor. */
interface Sent {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** A client that floods a server, which drops all of it. */
export class FloodedServer {
  private readonly client: Namespace;
  private readonly server: Namespace;

  constructor(t: Ending) {
    this.client = new Namespace(t, 'c');
    this.server = new Namespace(t, 's');
    link(
      { at: this.client, device: 'eth0', ipv4: '10.77.1.1/24', ipv6: 'fd77:1::1/64' },
      { at: this.server, device: 'eth0', ipv4: '10.77.1.2/24', ipv6: 'fd77:1::2/64' },
    );
    this.client.ip('addr add 10.78.0.1/32 dev lo');
    this.client.set('net.ipv4.conf.all.arp_announce', '2');
    this.server.set('net.ipv4.conf.all.rp_filter', '1');
    this.server.nft(`table inet test { ${FLOOD_REASONS.map((reason) => `counter ${reason} { }; `).join('')}
      chain prerouting { type filter hook prerouting priority -300
        ip saddr 10.78.0.1 counter name IP_RPFILTER
      }
      chain input { type filter hook input priority 0
        udp dport 7 counter name NETFILTER_DROP drop
        udp dport 9 counter name NO_SOCKET
      }
    }`);
  }

  /** What the kernel knows its network namespace by. */
  get inode(): number {
    return this.server.inode;
  }

  /** Sends so many datagrams, so many a second. */
  async flood(reason: FloodReason, count: number, rate: number): Promise<Sent> {
    const { from, localPort, port } = FLOODS[reason];
    return JSON.parse(
      await this.client.traffic('flood', from, localPort, '10.77.1.2', port, 10, count, rate),
    );
  }

  /** Datagrams that were dropped for this reason, as nftables counted them. */
  dropped(reason: FloodReason): bigint {
    return this.server.counted(reason);
  }
}
