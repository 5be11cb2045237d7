import type { Backend, Connection, Endpoint } from '../cluster/endpoint.js';
import { isBehindService } from '../rules/behind_service.js';
import type { Clause } from '../rules/clause.js';
import type { Cluster } from '../rules/cluster.js';
import { EndClause } from '../rules/end_clause.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { type PortRange, targetNumbers } from '../rules/port_range.js';
import { portSaid } from './ports.js';

/** Where a service leads, given as namespace/name. */
export class ServiceBackends implements EndpointSet {
  readonly text: string;

  constructor(readonly service: string) {
    this.text = `endpoints of service ${service}`;
  }

  has(endpoint: Endpoint, cluster: Cluster): Match {
    return isBehindService(this.service, endpoint, cluster);
  }

  whyNot({ address }: Endpoint, role: Role): Miss {
    const who = address === '' ? `${role} pod` : `${role} ${address}`;
    return { distance: 5, asks: this.text, actual: `${who} is none of them` };
  }
}

/** Asks that a connection goes to an endpoint of a service, and to a port at which that endpoint serves it. */
export class ServiceClause implements Clause {
  readonly preposition = 'to';
  readonly text: string;
  private readonly end: EndClause;

  constructor(private readonly backends: ServiceBackends) {
    this.end = new EndClause('destination', [backends]);
    this.text = backends.text;
  }

  holds(connection: Connection, cluster: Cluster): Match {
    const match = this.end.holds(connection, cluster);
    return match === true ? this.isServed(connection, cluster) : match;
  }

  miss(connection: Connection, cluster: Cluster): Miss {
    if (this.end.holds(connection, cluster) === false) return this.end.miss(connection, cluster);
    const { protocol, destinationPort } = connection;
    const actual = `which is not served at ${portSaid(protocol, destinationPort)}`;
    return { distance: 0.5, asks: this.text, actual };
  }

  /** Those at which its endpoints serve it. */
  ports(cluster: Cluster): readonly PortRange[] {
    const { service } = this.backends;
    return (cluster.servicePorts(service) ?? []).flatMap(({ port, protocol }) => {
      const backends = cluster.backends(service, port, protocol) ?? [];
      return backends.map((backend) => ({ protocol, port: backend.port, endPort: undefined }));
    });
  }

  private isServed({ destination, destinationPort, protocol }: Connection, cluster: Cluster): Match {
    const { service } = this.backends;
    const ports = cluster.servicePorts(service)?.filter((one) => one.protocol === protocol);
    if (ports === undefined) return unknown(`the ports of service ${service} were not recorded`);
    if (ports.length > 0 && destinationPort === null) return unknown('the destination port is not known');
    if (destination.kind === 'pod' && destination.ip === undefined) {
      const { pod } = destination;
      return ports.some(({ target }) =>
        targetNumbers(pod, target, protocol).some((n) => n === destinationPort),
      );
    }
    const isThere = ({ endpoint, port }: Backend) =>
      endpoint.address === destination.address && port === destinationPort;
    return ports.some((one) => cluster.backends(service, one.port, protocol)?.some(isThere));
  }
}
