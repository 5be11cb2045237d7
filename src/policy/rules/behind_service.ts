import type { Endpoint } from '../cluster/endpoint.js';
import type { Cluster } from './cluster.js';
import { type Match, unknown } from './match.js';

/** Whether a service, given as namespace/name, leads to an endpoint: a pod without an address by its labels. */
export function isBehindService(service: string, endpoint: Endpoint, cluster: Cluster): Match {
  const match =
    endpoint.kind === 'pod' && endpoint.ip === undefined
      ? cluster.serviceSelects(service, endpoint.pod)
      : cluster.backendAddresses(service)?.includes(endpoint.address);
  return match ?? unknown(`where service ${service} leads was not recorded`);
}
