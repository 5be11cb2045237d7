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
      '`listed` at the first list or a relist, `added`, `modified` or `deleted` by watching, `vanished` when missing from a relist, `imported` from a file; a mark of a complete list is `listed` when every object has a row of its time and `relisted` when only those that changed have one.',
    ),
    kind: column(T.kubernetes_kind, 'Kind, such as `Pod`.'),
    api_version: column(T.kubernetes_kind, 'Group and version, such as `apps/v1`.'),
    namespace: optional(T.kubernetes_name, 'Namespace; NULL for objects of the cluster.'),
    name: optional(
      T.kubernetes_name,
      'Name; NULL for the row that marks a complete list, whose kind is such as `PodList`.',
    ),
    uid: optional(
      T.uid,
      'Unique id: another object of the same name has another. NULL in manifests, which have none.',
    ),
    resource_version: optional(
      T.enumeration,
      'Version by which the API server tells versions apart; NULL in manifests.',
    ),
    removed: optional(
      T.enumeration,
      'What was taken out of the object before it was stored, separated by commas; NULL when it is whole.',
    ),
    object: optional(
      T.kubernetes_object,
      'The object as JSON, without what never enters a tape; NULL for `vanished`.',
    ),
  },
});
