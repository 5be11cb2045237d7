import { column, optional, table } from '../table.js';
import { T } from '../types.js';

export const kubernetesObjects = table({
  name: 'kubernetes_objects',
  doc: 'Every version and deletion of a Kubernetes object as it was observed.',
  source: 'kubernetes',
  columns: {
    time: column(T.time, 'When the recorder saw it.'),
    node: column(T.node, 'The node of the recorder.'),
    observed: column(
      T.enumeration,
      '`listed` at the first list or a relist, `added`, `modified` or `deleted` by watching, `vanished` when missing from a relist.',
    ),
    kind: column(T.kubernetes_kind, 'Kind, such as `Pod`.'),
    api_version: column(T.kubernetes_kind, 'Group and version, such as `apps/v1`.'),
    namespace: optional(T.kubernetes_name, 'Namespace; NULL for objects of the cluster.'),
    name: column(T.kubernetes_name, 'Name.'),
    uid: column(T.uid, 'Unique id: another object of the same name has another.'),
    resource_version: column(T.enumeration, 'Version by which the API server tells versions apart.'),
    object: optional(
      T.kubernetes_object,
      'The object as JSON, without what never enters a tape; NULL for `vanished`.',
    ),
  },
});
