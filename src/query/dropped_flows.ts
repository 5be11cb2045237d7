import type { Observed } from '../kubernetes/observation.js';
import type { DroppedFlow } from '../policy/questions/suggest/dropped_flow.js';
import { ObjectsOverTime } from '../policy/questions/suggest/objects_over_time.js';
import type { Cell } from './cell.js';
import type { TapeDatabase } from './tape_database.js';

/** A dropped flow with what it is chosen by. */
export interface NamedFlow extends DroppedFlow {
  /** Whether it was allowed before a change; null where the recording does not tell. */
  readonly allowedBefore: boolean | null;
  /** All that the ends are called: address, namespace/pod, namespace/workload, each also with its kind. */
  readonly sourceNames: readonly string[];
  readonly destinationNames: readonly string[];
}

/** The flows that policies dropped, whether the data plane said so or the verdict fits. */
export async function droppedFlows(database: TapeDatabase): Promise<NamedFlow[]> {
  const rows = await database.rows(`
    SELECT
      source_address, source_namespace, source_pod, source_workload_kind, source_workload,
      destination_address, destination_namespace, destination_pod, destination_workload_kind, destination_workload,
      protocol, destination_port, sum(packets)::VARCHAR, bool_or(allowed_before),
      list_sort(list(DISTINCT epoch_ns(time)))::VARCHAR[]
    FROM policy_verdicts
    WHERE grade IN ('proven', 'consistent') AND verdict = 'denied'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    ORDER BY min(time), 1, 6, 11, 12`);
  return rows.map((row) => {
    const [protocol, port, packets, allowedBefore, times] = row.slice(10);
    return {
      source: String(row[0]),
      sourceNames: namesOf(row.slice(0, 5)),
      destination: String(row[5]),
      destinationNames: namesOf(row.slice(5, 10)),
      protocol: String(protocol),
      port: typeof port === 'number' ? port : null,
      packets: BigInt(String(packets)),
      allowedBefore: typeof allowedBefore === 'boolean' ? allowedBefore : null,
      times: Array.isArray(times) ? times.map((time) => BigInt(String(time))) : [],
    };
  });
}

function namesOf([address, namespace, pod, kind, workload]: readonly Cell[]): string[] {
  if (typeof namespace !== 'string') return [String(address)];
  const names = [pod, `${pod}[Pod]`, workload, `${workload}[${kind}]`];
  return [String(address), ...new Set(names.map((name) => `${namespace}/${name}`))];
}

/** NetworkPolicies, and the workloads whose selectors tell of pods, as the tape has them. */
export async function writtenObjects(database: TapeDatabase): Promise<ObjectsOverTime> {
  const rows = await database.rows(`
    SELECT epoch_ns(time)::VARCHAR, kind, namespace, name, object, observed
    FROM kubernetes_objects
    WHERE name IS NOT NULL AND (
      (kind = 'NetworkPolicy' AND api_version LIKE 'networking.k8s.io/%')
      OR (kind IN ('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job')
        AND (api_version LIKE 'apps/%' OR api_version LIKE 'batch/%')))
    ORDER BY kubernetes_objects.time`);
  return new ObjectsOverTime(
    rows.map(([time, kind, namespace, name, object, observed]) => ({
      time: BigInt(String(time)),
      kind: String(kind),
      namespace: textOf(namespace),
      name: textOf(name),
      object: textOf(object),
      observed: String(observed) as Observed,
    })),
  );
}

function textOf(cell: Cell | undefined): string | null {
  return typeof cell === 'string' ? cell : null;
}
