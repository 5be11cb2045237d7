import { type Command, Option } from 'commander';
import { DATA_PLANES, type DataPlane } from '../../policy/rules/data_plane.js';

export interface DataPlaneOption {
  readonly dataplane?: DataPlane;
}

/** Adds `--dataplane`. */
export function addDataPlane(command: Command): Command {
  return command.addOption(
    new Option('--dataplane <name>', "who enforces the policies (default: by the policies' kinds)").choices(
      DATA_PLANES,
    ),
  );
}

/** What the data planes are assumed to do where the APIs leave it open, for the help. */
export const DATA_PLANE_HELP = `
Data planes differ where the APIs leave it open:
  kubernetes  address blocks mean pods and nodes too; traffic between a pod and
              its own node escapes NetworkPolicies; what becomes of ICMP and the
              like is unknown where a pod is isolated
  calico      as kubernetes, but what a node sends to its own pods escapes every
              policy, and isolation is from every protocol
  cilium      as calico, but address blocks never mean pods and nodes
Where --dataplane does not say, policies of Cilium's or Calico's own kinds do;
without any it is kubernetes.`;
