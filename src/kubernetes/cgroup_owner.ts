/** Whose a cgroup is, as far as its path tells. */
export interface CgroupOwner {
  /**
   * Uid of the pod as the kubelet has it, with dashes; of a static pod the hash of its manifest, which the API
   * shows as the annotation `kubernetes.io/config.hash`. Null outside pods.
   */
  readonly podUid: string | null;
  /** Id of the container as the runtime has it, also of one outside Kubernetes; null outside containers. */
  readonly containerId: string | null;
}

const UID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}';

/** The kubelet's name for a pod: of the cgroupfs driver, or of the systemd driver, behind its parents' names. */
const POD = new RegExp(`^(?:pod|[a-z0-9_.-]*kubepods(?:-burstable|-besteffort)?-pod)(${UID})(?:\\.slice)?$`);

/** A runtime's name for a container: the id, or a systemd scope with the runtime before it. */
const CONTAINER = /^(?:([a-z][a-z-]*)-)?([0-9a-f]{64})(?:\.scope)?$/;

/**
 * Reads the pod and the container from a path of cgroup v2 or of a v1 controller, as the kubelet (drivers systemd
 * and cgroupfs) and containerd, CRI-O, Docker and Podman name them, also inside other containers (kind, minikube).
 * Of pods in pods it is the innermost; in a pod the outermost container, which is the one that Kubernetes knows.
 */
export function cgroupOwner(path: string): CgroupOwner {
  let podUid: string | null = null;
  let containerId: string | null = null;
  for (const name of namesIn(path)) {
    const uid = podNamed(name);
    if (uid !== null) [podUid, containerId] = [uid, null];
    else if (podUid === null || containerId === null) containerId = containerNamed(name) ?? containerId;
  }
  return { podUid, containerId };
}

/** Where containerd is not told of systemd it takes the systemd form `slice:prefix:id` for one name of a cgroup. */
function namesIn(path: string): string[] {
  return path.split('/').flatMap((name) => {
    const [slice, prefix, id] = name.split(':');
    return slice && prefix && id ? [slice, `${prefix}-${id}`] : [name];
  });
}

/** In names of slices the dashes of a uid are underscores, because dashes stand between a slice and its parents. */
function podNamed(name: string): string | null {
  return POD.exec(name.endsWith('.slice') ? name.replaceAll('_', '-') : name)?.[1] ?? null;
}

/** The monitor of a container (conmon) has a cgroup of its own, beside it and named after it. */
function containerNamed(name: string): string | null {
  const [, prefix = '', id] = CONTAINER.exec(name) ?? [];
  return id === undefined || prefix.endsWith('conmon') ? null : id;
}
