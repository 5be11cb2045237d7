import type { Pod } from '../../cluster/endpoint.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { isSamePod } from '../../rules/ends.js';
import type { AskedConnection } from './asked_connection.js';
import type { Pair } from './pairs.js';

/**
 * A sentence where the port is one that no pod asked about declares and a service that leads to them has: people ask
 * for a service by the name of its workload. Undefined anywhere else.
 */
export function portNote(
  { history }: ClusterTimeline,
  state: StateAt,
  pairs: readonly Pair[],
  { to, port, protocol }: AskedConnection,
): string | undefined {
  // Of a service the pairs have the ports that it leads to.
  const pods = pairs.flatMap(({ connection: { destination, destinationPort } }) =>
    destination.kind === 'pod' && destinationPort === port ? destination.pod : [],
  );
  const declared = pods.flatMap(({ ports }) => ports);
  if (typeof port !== 'number' || pods.length === 0) return undefined;
  if (declared.some((one) => one.port === port && one.protocol === protocol)) return undefined;
  const name = to.replace(/\[\w+\]$/, '');
  const leads = history.services.names
    .map((service) => ({ service, ports: portsIn(pods, state, service, port, protocol) }))
    .filter(({ ports }) => ports.length > 0 && !ports.includes(port));
  const lead = leads.find(({ service }) => service === name) ?? leads[0];
  if (lead === undefined) return undefined;
  const declares = [...new Set(declared.map(portSaid))].sort().join(', ') || 'no port';
  const targets = lead.ports.map((one) => `${protocol} ${one}`).join(' and ');
  return `Port ${port} is asked of the pods themselves, which declare ${declares}. Service ${lead.service} leads ${protocol} ${port} to ${targets} of them: to ask for that, --to '${lead.service}[Service]'.`;
}

/** The ports of the pods that a port of the service leads to. */
function portsIn(
  pods: readonly Pod[],
  state: StateAt,
  service: string,
  port: number,
  protocol: string,
): number[] {
  const backends = state.backends(service, port, protocol) ?? [];
  const ours = backends.filter(
    ({ endpoint }) => endpoint.kind === 'pod' && pods.some((pod) => isSamePod(pod, endpoint.pod)),
  );
  return [...new Set(ours.map((backend) => backend.port))];
}

function portSaid({ name, protocol, port }: Pod['ports'][number]): string {
  return name === null ? `${protocol} ${port}` : `${name} (${protocol} ${port})`;
}
