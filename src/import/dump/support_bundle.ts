import type { Kind, Layout } from './layout.js';

/** The directories of a bundle that have objects, and of what kind. Items of older bundles do not say it themselves. */
const KINDS: Readonly<Record<string, Kind>> = {
  namespaces: { kind: 'Namespace', apiVersion: 'v1' },
  nodes: { kind: 'Node', apiVersion: 'v1' },
  pods: { kind: 'Pod', apiVersion: 'v1' },
  services: { kind: 'Service', apiVersion: 'v1' },
  endpoints: { kind: 'Endpoints', apiVersion: 'v1' },
  'service-accounts': { kind: 'ServiceAccount', apiVersion: 'v1' },
  events: { kind: 'Event', apiVersion: 'v1' },
  configmaps: { kind: 'ConfigMap', apiVersion: 'v1' },
  pvcs: { kind: 'PersistentVolumeClaim', apiVersion: 'v1' },
  deployments: { kind: 'Deployment', apiVersion: 'apps/v1' },
  replicasets: { kind: 'ReplicaSet', apiVersion: 'apps/v1' },
  statefulsets: { kind: 'StatefulSet', apiVersion: 'apps/v1' },
  daemonsets: { kind: 'DaemonSet', apiVersion: 'apps/v1' },
  jobs: { kind: 'Job', apiVersion: 'batch/v1' },
  cronjobs: { kind: 'CronJob', apiVersion: 'batch/v1' },
  ingress: { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1' },
  'network-policy': { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1' },
};

/** Of custom resources those that say who may talk to whom. */
const POLICIES = /^[^/]+\.(?:cilium\.io|(?:crd\.)?projectcalico\.org|policy\.networking\.k8s\.io)(?:\/|\.)/;

function kindIn(folder: string): Kind | undefined {
  return Object.hasOwn(KINDS, folder) ? KINDS[folder] : undefined;
}

/**
 * A support bundle of troubleshoot.sh:
 *
 *     cluster-resources/nodes.json
 *     cluster-resources/pods/default.json                  a list, or an array
 *     cluster-resources/pods-errors.json                   errors by namespace
 *     cluster-resources/custom-resources/ciliumnetworkpolicies.cilium.io/default.yaml
 */
export const SUPPORT_BUNDLE: Layout = {
  source: 'import support-bundle',
  name: 'support bundle',
  fileAt(path) {
    const [, folder, rest] =
      /(?:^|\/)cluster-resources\/([^/]+?)(?:\.(?:json|ya?ml)|\/(.+\.(?:json|ya?ml)))$/.exec(path) ?? [];
    if (folder === undefined) return undefined;
    const [, of] = /^(.+)-errors$/.exec(folder) ?? [];
    if (of !== undefined) {
      const kind = kindIn(of);
      return kind === undefined || rest !== undefined ? undefined : { errorsOf: kind };
    }
    if (folder === 'custom-resources') return rest !== undefined && POLICIES.test(rest) ? {} : undefined;
    const kind = kindIn(folder);
    if (kind === undefined) return undefined;
    if (rest === undefined) return { kind };
    const [, namespace] = /^([^/]+)\.(?:json|ya?ml)$/.exec(rest) ?? [];
    return namespace === undefined ? undefined : { kind, namespace };
  },
};
