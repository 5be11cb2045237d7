import type { Layout } from './layout.js';

/**
 * OpenShift's must-gather, as `oc adm must-gather` and `oc adm inspect` write it, below a directory for each image:
 *
 *     timestamp
 *     cluster-scoped-resources/core/nodes/worker-0.yaml
 *     namespaces/openshift-dns/openshift-dns.yaml
 *     namespaces/openshift-dns/core/pods.yaml              a list
 *     namespaces/openshift-dns/pods/dns-x2x9z/dns-x2x9z.yaml
 */
export const MUST_GATHER: Layout = {
  source: 'import must-gather',
  name: 'must-gather',
  fileAt(path) {
    if (/(?:^|\/)timestamp$/.test(path)) return { timestamp: true };
    if (!/\.(?:ya?ml|json)$/.test(path)) return undefined;
    const [, namespace, rest] = /(?:^|\/)namespaces\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (namespace !== undefined && rest !== undefined) {
      const isList = rest.split('/').length === 2;
      return isList ? { namespace } : {};
    }
    return /(?:^|\/)cluster-scoped-resources\//.test(path) ? {} : undefined;
  },
};
