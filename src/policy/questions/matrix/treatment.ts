import type { Endpoint } from '../../cluster/endpoint.js';
import { type StateAt, withoutAddress } from '../../history/state_at.js';
import type { Clause } from '../../rules/clause.js';
import { EndClause } from '../../rules/end_clause.js';
import { anyOf, isUnknown, type Match } from '../../rules/match.js';
import { type CompiledPolicy, DIRECTIONS, type Direction } from '../../rules/policy.js';
import { PortClause } from '../../rules/port_clause.js';
import { type PortRange, portNumbers } from '../../rules/port_range.js';

/** How a cluster's policies treat endpoints: two that they treat alike are as good as one. */
export class Treatment {
  private readonly clauses: readonly Placed[];
  private readonly portNames: ReadonlySet<string>;

  private readonly policies: readonly CompiledPolicy[];

  constructor(private readonly cluster: StateAt) {
    this.policies = cluster.allPolicies;
    const placed = this.policies.flatMap(({ sections }) =>
      DIRECTIONS.flatMap((direction) =>
        (sections[direction]?.rules ?? [])
          .flatMap((rule) => rule.clauses)
          .map((clause) => ({ direction, clause, ports: clause.ports(cluster) })),
      ),
    );
    this.clauses = placed
      .filter(({ clause }) => !(clause instanceof PortClause))
      .map(({ direction, clause, ports }) => ({ direction, clause, tried: triedOf(ports) }));
    const named = placed.flatMap(({ ports }) => ports.filter(({ port }) => typeof port === 'string'));
    this.portNames = new Set(named.map(({ protocol, port }) => `${protocol} ${port}`));
  }

  /** A text that is the same for endpoints that are treated alike. */
  of(endpoint: Endpoint): string {
    const clauses = this.clauses.map((one) => this.marksOf(one, endpoint)).join('');
    if (endpoint.kind !== 'pod') return clauses;
    const selected = this.policies.map(({ selects }) => mark(selects.has(endpoint, this.cluster))).join('');
    const ports = [...this.portNames].map((name) => {
      const [protocol = '', port = ''] = name.split(' ');
      return portNumbers(endpoint.pod, port, protocol).join(' ');
    });
    return `${clauses} ${selected} ${ports.join()}`;
  }

  /** Whether a clause is content with the endpoint as the peer, and a pod as the one that the policy is about. */
  private marksOf({ direction, clause, tried }: Placed, endpoint: Endpoint): string {
    // Of a node's address a clause says that it may be a pod's: that is no matter of the node.
    if (clause instanceof EndClause)
      return mark(anyOf(clause.sets, (set) => set.has(endpoint, this.cluster)));
    const asks = (peer: Endpoint, subject: Endpoint) => {
      const [source, destination] = direction === 'ingress' ? [peer, subject] : [subject, peer];
      const at = ({ protocol, port }: PortTried) => {
        const ends = { source, destination, protocol, sourcePort: null, destinationPort: port };
        return mark(clause.holds(ends, this.cluster));
      };
      return tried.map(at).join('');
    };
    return asks(endpoint, SOMEBODY) + (endpoint.kind === 'pod' ? asks(SOMEBODY, endpoint) : '');
  }
}

/** A clause with the direction of its rule. */
interface Placed {
  readonly direction: Direction;
  readonly clause: Clause;
  /** The ports with which it is asked. */
  readonly tried: readonly PortTried[];
}

interface PortTried {
  readonly protocol: string;
  /** Null for one that is not known. */
  readonly port: number | null;
}

/** The first port of each range that goes by number, each once; and one that is not known. */
function triedOf(ranges: readonly PortRange[]): PortTried[] {
  const numbered = ranges.flatMap(({ protocol, port }) =>
    typeof port === 'number' ? [[`${protocol} ${port}`, { protocol, port }] as const] : [],
  );
  return [{ protocol: 'TCP', port: null }, ...new Map(numbered).values()];
}

/** The other end while one end is looked at. */
const SOMEBODY = withoutAddress({
  namespace: '',
  name: '',
  uid: null,
  labels: {},
  addresses: [],
  hasEnded: false,
  hostNetwork: false,
  node: null,
  serviceAccount: '',
  ports: [],
});

function mark(match: Match): string {
  return isUnknown(match) ? '?' : match ? '1' : '0';
}
