import { type JsonObject, objectAt, objectsAt, textAt, textEntries } from '../../kubernetes/json.js';
import { canonicalIp } from '../ip.js';
import type { ContainerPort, Pod } from './endpoint.js';

/** Takes from a Pod object what policies look at. */
export function podOf(object: JsonObject): Pod {
  const metadata = objectAt(object, 'metadata');
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  const hasEnded = status.phase === 'Succeeded' || status.phase === 'Failed';
  return {
    namespace: textAt(metadata, 'namespace') ?? 'default',
    name: textAt(metadata, 'name') ?? '',
    uid: textAt(metadata, 'uid'),
    labels: textEntries(objectAt(metadata, 'labels')),
    // Its status still names the address that it had.
    addresses: hasEnded ? [] : addressesOf(status),
    hasEnded,
    hostNetwork: spec.hostNetwork === true,
    node: textAt(spec, 'nodeName'),
    serviceAccount: textAt(spec, 'serviceAccountName') ?? 'default',
    ports: portsOf(spec),
  };
}

function addressesOf(status: JsonObject): string[] {
  const given = [textAt(status, 'podIP'), ...objectsAt(status, 'podIPs').map((entry) => textAt(entry, 'ip'))];
  return [...new Set(given.flatMap((text) => (text && canonicalIp(text)) ?? []))];
}

/** The ports of the containers that run beside each other: init containers count if they are restarted always. */
function portsOf(spec: JsonObject): ContainerPort[] {
  const sidecars = objectsAt(spec, 'initContainers').filter((one) => one.restartPolicy === 'Always');
  return [...objectsAt(spec, 'containers'), ...sidecars].flatMap((container) =>
    objectsAt(container, 'ports').flatMap(containerPort),
  );
}

function containerPort(entry: JsonObject): ContainerPort[] {
  const { containerPort: port, protocol = 'TCP' } = entry;
  if (typeof port !== 'number') return [];
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return [];
  return [{ name: textAt(entry, 'name'), port, protocol }];
}
