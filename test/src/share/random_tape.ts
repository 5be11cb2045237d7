import fc from 'fast-check';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import {
  type KubernetesObject as AnyObject,
  observed,
  type TinyRow,
  writeTinyTape,
} from '../../tiny_tape.js';
import { cluster } from '../policy/naive/generate/cluster.js';
import { choice, connectionOf } from '../policy/naive/generate/connection.js';
import type { KubernetesObject } from '../policy/naive/objects.js';

const CONNECTIONS = 40;

/**
 * Writes a tape of a cluster drawn at random, with policies of every kind, and of packets dropped between its pods, nodes
 * and the outside: as the kernel saw them, and as Hubble does.
 */
export function writeRandomTape(parent: string, seed: number): Promise<string> {
  const [objects = []] = fc.sample(cluster, { seed, numRuns: 1 });
  const choices = fc.sample(choice, { seed, numRuns: CONNECTIONS });
  const connections = choices.map((chosen) => connectionOf(objects, chosen));
  const rows = connections.map(({ source, destination, protocol, sourcePort, destinationPort }, i) => ({
    time: `10:00:${20 + (i % 30)}`,
    source_address: source,
    source_port: sourcePort,
    destination_address: destination,
    destination_port: destinationPort,
    protocol,
    tcp_flags: protocol === 'TCP' ? 'SYN' : null,
  }));
  const drops = rows.map((row) => ({
    ...row,
    reason: 'NETFILTER_DROP',
    segments: 1,
    location: 'nft_do_chain',
  }));
  const flows = rows.map((row) => ({ ...row, tool: 'hubble', verdict: 'DROPPED', reason: 'POLICY_DENIED' }));
  return writeTinyTape(parent, {
    packet_drops: drops,
    flows: flows.slice(0, CONNECTIONS / 4),
    kubernetes_objects: [
      ...marks(),
      ...objects.map((object) => observed('10:00:01', 'listed', asServed(object))),
    ],
    cgroups: objects.flatMap(cgroup),
    losses: [],
  });
}

function asServed(object: KubernetesObject): AnyObject {
  return JSON.parse(JSON.stringify(object));
}

/** Every kind was listed. */
function marks(): TinyRow[] {
  return WATCHED_KINDS.map(({ kind, apiVersion }) => ({
    time: '10:00:01',
    observed: 'listed',
    kind: `${kind}List`,
    api_version: apiVersion,
  }));
}

/** The cgroup of a pod, in the path of which the kubelet puts its uid. */
function cgroup({ kind, metadata }: KubernetesObject, i: number): TinyRow[] {
  const uid = `uid-of-${metadata.name}`;
  const path = `/kubepods/burstable/pod${uid}`;
  return kind === 'Pod' ? [{ time: '10:00:02', cgroup_id: BigInt(i + 1), path, pod_uid: uid }] : [];
}
