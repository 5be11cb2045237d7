import type { Words } from '../words/words.js';

/** Before a container's id: what the runtimes put there. The monitor of a container must not be taken for it. */
const RUNTIMES = new Set([
  'cri-containerd',
  'containerd',
  'nerdctl',
  'crio',
  'crio-conmon',
  'docker',
  'libpod',
  'libpod-conmon',
  'podman',
]);

const UID = /[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}|[0-9a-f]{32}/;
const POD = new RegExp(
  `^((?:[a-z0-9_.-]*?-)?)((?:kubepods(?:-burstable|-besteffort)?-)?pod)(${UID.source.replaceAll('\\1', '\\4')})(\\.slice)?$`,
);
const CONTAINER = /^(?:([a-z][a-z-]*)-)?([0-9a-f]{64})(\.scope)?$/;

/**
 * A path of a cgroup, such that the pod's uid and the container's id are still found in it and are those that stand for
 * them everywhere else. Other units are names.
 */
export function redactCgroupPath(path: string, words: Words): string {
  return path
    .split('/')
    .map((name) =>
      name
        .split(':')
        .map((part) => redactName(part, words))
        .join(':'),
    )
    .join('/');
}

function redactName(name: string, words: Words): string {
  const pod = POD.exec(name);
  if (pod !== null) {
    const [, parents = '', prefix = '', uid = '', dash = '-', slice = ''] = pod;
    const other = words.name(uid.replaceAll('_', '-')).replaceAll('-', dash);
    return `${words.name(parents)}${prefix}${other}${slice}`;
  }
  const [, runtime, id, scope = ''] = CONTAINER.exec(name) ?? [];
  if (id === undefined) return RUNTIMES.has(name) ? name : words.name(name);
  const before = runtime === undefined ? '' : `${RUNTIMES.has(runtime) ? runtime : words.name(runtime)}-`;
  return `${before}${words.name(id)}${scope}`;
}
