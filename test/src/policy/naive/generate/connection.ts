import fc from 'fast-check';
import type { KubernetesObject } from '../objects.js';
import { type Connection, isIPv6 } from '../question.js';
import { EXTERNAL_ADDRESSES, NODE_ADDRESSES, PORTS } from './alphabet.js';

/** Numbers that choose a connection in whatever cluster comes: so a cluster can shrink and the choice stays. */
export interface Choice {
  readonly source: number;
  readonly destination: number;
  readonly protocol: string;
  readonly port: number;
  readonly step: number;
}

export const choice: fc.Arbitrary<Choice> = fc.record({
  source: fc.nat({ max: 99 }),
  destination: fc.nat({ max: 99 }),
  protocol: fc.oneof(
    { weight: 6, arbitrary: fc.constant('TCP') },
    { weight: 3, arbitrary: fc.constant('UDP') },
    { weight: 1, arbitrary: fc.constant('SCTP') },
    { weight: 2, arbitrary: fc.constant('ICMP') },
  ),
  port: fc.nat({ max: 99 }),
  step: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
});

/** The connection that the choice means in this cluster: two ends of one family, nearly always a pod among them. */
export function connectionOf(objects: readonly KubernetesObject[], chosen: Choice): Connection {
  const ofPods = objects.flatMap((object) =>
    object.kind === 'Pod' ? object.status.podIPs.map(({ ip }) => ip) : [],
  );
  const others = [...Object.values(NODE_ADDRESSES).flat(), ...EXTERNAL_ADDRESSES];
  const all = [...ofPods, ...ofPods, ...ofPods, ...ofPods, ...others];
  const source = all[chosen.source % all.length] ?? '';
  const ofFamily = all.filter((address) => isIPv6(address) === isIPv6(source));
  const better = ofFamily.filter(
    (address) => address !== source && (ofPods.includes(source) || ofPods.includes(address)),
  );
  const destinations = better.length > 0 && chosen.destination % 16 > 0 ? better : ofFamily;
  const destination = destinations[chosen.destination % destinations.length] ?? '';
  const port = (PORTS[chosen.port % PORTS.length] ?? 0) + chosen.step;
  const protocol = chosen.protocol === 'ICMP' && isIPv6(source) ? 'IPv6-ICMP' : chosen.protocol;
  const hasPorts = chosen.protocol !== 'ICMP';
  return {
    source,
    destination,
    protocol,
    sourcePort: hasPorts ? (PORTS[chosen.source % PORTS.length] ?? 0) : null,
    destinationPort: hasPorts ? port : null,
  };
}
