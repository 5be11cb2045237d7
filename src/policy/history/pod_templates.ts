import { type JsonObject, objectAt } from '../../kubernetes/json.js';
import { Versions } from '../../kubernetes/versions.js';
import type { Pod } from '../cluster/endpoint.js';
import { podOf } from '../cluster/pod.js';

/** Where each kind of workload keeps the template of its pods. */
const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

interface WorkloadName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A workload, and a pod as it would make one: without an address, a node or a uid. */
export interface WorkloadTemplate extends WorkloadName {
  readonly pod: Pod;
}

/** The templates of workloads over time: what stands for their pods while there are none. */
export class PodTemplates {
  private readonly byWorkload = new Map<string, Versions<WorkloadTemplate>>();

  /** Takes up a version of an object; undefined: it is not there any more. Kinds without a template are passed over. */
  set(time: bigint, { kind, namespace, name }: WorkloadName, object: JsonObject | undefined): void {
    const path = TEMPLATE_PATHS.get(kind);
    if (path === undefined) return;
    const key = `${kind} ${namespace}/${name}`;
    const versions = this.byWorkload.get(key) ?? new Versions<WorkloadTemplate>();
    this.byWorkload.set(key, versions);
    const after = object && {
      kind,
      namespace,
      name,
      pod: templatePod(kind, namespace, name, objectAt(object, ...path)),
    };
    // Workloads change with every step of a rollout, their templates seldom.
    if (JSON.stringify(versions.latest) !== JSON.stringify(after)) versions.set(time, after);
  }

  /** The workloads that there were at a time. */
  at(time: bigint): WorkloadTemplate[] {
    return [...this.byWorkload.values()].flatMap((versions) => versions.at(time) ?? []);
  }

  /** Every time at which a template changed. */
  get boundaries(): bigint[] {
    return [...this.byWorkload.values()].flatMap(({ all }) => all.map(({ from }) => from));
  }
}

/** Its name is one that no pod can have, so that it is never taken for a pod of the workload's name. */
function templatePod(kind: string, namespace: string, name: string, template: JsonObject): Pod {
  const { labels } = objectAt(template, 'metadata');
  return podOf({ metadata: { namespace, name: `${name}[${kind}]`, labels }, spec: template.spec });
}
