import { column, optional, table } from '../table.js';
import { T } from '../types.js';

export const cgroups = table({
  name: 'cgroups',
  doc: 'Cgroups of a node, with the pod and the container that its path names: each when it is made, and now and then all that are there, with the root `/` at one time; what has no row of that time or later was gone.',
  source: 'cgroups',
  columns: {
    time: column(T.time, 'When the recorder saw it.'),
    node: column(T.node, 'The node it is on.'),
    cgroup_id: column(T.cgroup_id, "The kernel's number for it; not used twice until the node boots again."),
    path: column(
      T.cgroup_path,
      'Its path below the mount of cgroup v2, such as `/system.slice/kubelet.service`.',
    ),
    pod_uid: optional(
      T.uid,
      'Uid of the pod that it is or is in, of a static pod the hash of its manifest; NULL outside pods.',
    ),
    container_id: optional(T.container_id, 'Id that the container runtime gave; NULL outside containers.'),
  },
});
