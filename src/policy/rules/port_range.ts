import type { Pod } from '../cluster/endpoint.js';

/** Destination ports of one protocol. */
export interface PortRange {
  /** By its IANA keyword. */
  readonly protocol: string;
  /** Number, name of a container port of the destination pod, or undefined for every port. */
  readonly port: number | string | undefined;
  /** Last port of the range, inclusive. */
  readonly endPort: number | undefined;
}

/** The numbers that a port name stands for in one pod. */
export function portNumbers(pod: Pod, name: string, protocol: string): number[] {
  return pod.ports
    .filter((port) => port.name === name && port.protocol === protocol)
    .map((port) => port.port);
}

/** The numbers in one pod of a port that is given by its number or name. */
export function targetNumbers(pod: Pod, target: number | string, protocol: string): number[] {
  return typeof target === 'number' ? [target] : portNumbers(pod, target, protocol);
}

/** `TCP 5000-5010`, `UDP port dns`, `every SCTP port`. */
export function describePort({ protocol, port, endPort }: PortRange): string {
  if (port === undefined) return `every ${protocol} port`;
  if (typeof port === 'string') return `${protocol} port ${port}`;
  return endPort === undefined || endPort === port ? `${protocol} ${port}` : `${protocol} ${port}-${endPort}`;
}
