import { SEEN_LATE_NS, SETTLING_NS } from '../../policy/drops/judge.js';

/** How far around its time a pod's address is taken for its own: recorders learn late of both ends of it. */
const AROUND_NS = SETTLING_NS + SEEN_LATE_NS;

const WORKLOADS = `('Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service')`;

const WHOLE_SERVICES = `
  EXISTS (
    SELECT 1 FROM kubernetes_objects
    WHERE (api_version LIKE 'cilium.io/%' AND contains(object, '"toServices"'))
      OR (api_version LIKE '%projectcalico.org/%' AND contains(object, '"services"'))
  )`;

/**
 * Statements that make tables of what is of the namespaces, and of what a verdict on their traffic looks at besides:
 * the pods and services at the other ends. To keep an object too many does no harm.
 * @param namespaces as an SQL list.
 * @param within the condition that a row is in the window.
 */
export function namespaceStatements(namespaces: string, within: string): string[] {
  const made = (name: string, sql: string) => `CREATE TEMP TABLE ${name} AS ${sql}`;
  const inThem = `namespace IN ${namespaces}`;
  return [
    made('chosen', `SELECT unnest(${namespaces}) AS namespace`),
    made('pod_versions', PODS),
    made('service_versions', SERVICES),
    made('slices', SLICES),
    made(
      'own_addresses',
      `SELECT address, epoch_ns(time) - ${AROUND_NS} AS held_from,
        coalesce(epoch_ns(next) + ${AROUND_NS}, 9223372036854775807) AS held_to
      FROM pod_versions, unnest(addresses) AS held (address)
      WHERE ${inThem} AND NOT has_ended AND NOT host_network
      UNION ALL
      SELECT address, epoch_ns(time) - ${AROUND_NS}, coalesce(epoch_ns(next) + ${AROUND_NS}, 9223372036854775807)
      FROM service_versions, unnest(addresses) AS held (address)
      WHERE ${inThem}`,
    ),
    made(
      'own_cgroups',
      `SELECT DISTINCT node, cgroup_id FROM cgroups
      WHERE pod_uid IN (SELECT kubelet_uid FROM pod_versions WHERE ${inThem})`,
    ),
    made(
      'own_names',
      `SELECT name FROM kubernetes_objects WHERE kind IN ${WORKLOADS} AND name IS NOT NULL
      GROUP BY name HAVING bool_and(${inThem})`,
    ),
    made('ends', ends(within)),
    made(
      'near_services',
      `SELECT DISTINCT namespace, name FROM service_versions
      WHERE ${inThem} OR list_has_any(addresses, (SELECT list(address) FROM ends))
        OR list_has_any(node_ports, (SELECT list(port) FROM ends)) OR ${WHOLE_SERVICES}`,
    ),
    made('near_slices', `FROM slices WHERE (namespace, service) IN (FROM near_services)`),
    made(
      'near_pods',
      `SELECT DISTINCT namespace, name FROM pod_versions, unnest(addresses) AS held (address)
      WHERE address IN (SELECT address FROM ends UNION ALL SELECT unnest(addresses) FROM near_slices)
      UNION
      SELECT namespace, name FROM pod_versions
      WHERE namespace IN (
        SELECT namespace FROM near_services
        WHERE (namespace, name) NOT IN (SELECT namespace, service FROM slices WHERE service IS NOT NULL)
      )`,
    ),
    made('near_owners', OWNERS),
    made('near_namespaces', `SELECT namespace FROM near_pods UNION SELECT namespace FROM near_services`),
  ];
}

/** A version of a pod holds its addresses until the next, whatever the recorder missed in between. */
const PODS = `
  SELECT
    time, namespace, name,
    lead(time) OVER (PARTITION BY namespace, name, uid ORDER BY time) AS next,
    observed IN ('deleted', 'vanished') OR coalesce(json ->> '$.status.phase' IN ('Succeeded', 'Failed'), false)
      AS has_ended,
    coalesce(json ->> '$.spec.hostNetwork' = 'true', false) AS host_network,
    list_distinct(list_concat(json ->> '$.status.podIPs[*].ip', [json ->> '$.status.podIP'])) AS addresses,
    coalesce(json ->> '$.metadata.annotations."kubernetes.io/config.hash"', uid) AS kubelet_uid,
    json -> '$.metadata.ownerReferences' AS owners
  FROM (SELECT *, try_cast(object AS JSON) AS json FROM kubernetes_objects WHERE kind = 'Pod' AND name IS NOT NULL)`;

const SERVICES = `
  SELECT
    time, namespace, name,
    lead(time) OVER (PARTITION BY namespace, name, uid ORDER BY time) AS next,
    list_distinct(list_concat(
      [json ->> '$.spec.clusterIP'], json ->> '$.spec.clusterIPs[*]', json ->> '$.spec.externalIPs[*]',
      json ->> '$.status.loadBalancer.ingress[*].ip'
    )) AS addresses,
    (json ->> '$.spec.ports[*].nodePort')::INTEGER[] AS node_ports
  FROM (
    SELECT *, try_cast(object AS JSON) AS json FROM kubernetes_objects
    WHERE kind = 'Service' AND api_version = 'v1' AND name IS NOT NULL
  )`;

const SLICES = `
  SELECT DISTINCT namespace, name, json ->> '$.metadata.labels."kubernetes.io/service-name"' AS service,
    json ->> '$.endpoints[*].addresses[*]' AS addresses
  FROM (SELECT *, try_cast(object AS JSON) AS json FROM kubernetes_objects WHERE kind = 'EndpointSlice' AND name IS NOT NULL)`;

/** The workloads that own pods at the other ends, and those that own these. */
const OWNERS = `
  WITH referred AS (
    SELECT namespace, kind, name, unnest(
      from_json(try_cast(object AS JSON) -> '$.metadata.ownerReferences', '[{"kind": "VARCHAR", "name": "VARCHAR"}]')
    ) AS owner
    FROM kubernetes_objects
  ),
  owners AS (
    SELECT DISTINCT namespace, kind, name, owner.kind AS owner_kind, owner.name AS owner_name FROM referred
  ),
  first AS (
    SELECT namespace, owner_kind AS kind, owner_name AS name FROM owners
    WHERE kind = 'Pod' AND (namespace, name) IN (FROM near_pods)
  )
  FROM first
  UNION
  SELECT namespace, owner_kind, owner_name FROM owners WHERE (namespace, kind, name) IN (FROM first)`;

/** Every address and port at an end of the traffic of the namespaces. */
function ends(within: string): string {
  const both = (table: string, condition: string) =>
    ['source', 'destination'].map(
      (end) =>
        `SELECT ${end}_address AS address, ${end}_port AS port FROM ${table} WHERE (${within}) AND (${condition})`,
    );
  return [...both('packet_drops', DROPPED), ...both('flows', FLOWED)].join(' UNION ');
}

const HELD = (['source', 'destination'] as const)
  .map(
    (end) =>
      `EXISTS (FROM own_addresses WHERE address = ${end}_address AND epoch_ns(time) BETWEEN held_from AND held_to)`,
  )
  .join(' OR ');

/** Either end has an address of a pod or a service of the namespaces, or the socket is a pod's of theirs. */
const DROPPED = `${HELD} OR coalesce((node, cgroup_id) IN (FROM own_cgroups), false)`;

const FLOWED = `
  coalesce(source_namespace IN (FROM chosen), false) OR coalesce(destination_namespace IN (FROM chosen), false) OR ${HELD}`;

/** Who does not tell a namespace tells a pod, or bears the name of a workload that only these namespaces have. */
const SENT = `
  coalesce(k8s_namespace_name IN (FROM chosen), false) OR (k8s_namespace_name IS NULL AND CASE
    WHEN k8s_pod_uid IS NOT NULL THEN k8s_pod_uid IN (SELECT kubelet_uid FROM pod_versions WHERE namespace IN (FROM chosen))
    WHEN k8s_pod_name IS NOT NULL THEN k8s_pod_name IN (SELECT name FROM pod_versions WHERE namespace IN (FROM chosen))
    ELSE coalesce(service_name IN (FROM own_names), false)
  END)`;

const OBJECT = `
  namespace IS NULL OR namespace IN (FROM chosen) OR kind = 'NetworkSet'
  OR (kind, namespace, name) IN (FROM near_owners)
  OR CASE kind
    WHEN 'Pod' THEN (namespace, name) IN (FROM near_pods)
    WHEN 'Service' THEN (namespace, name) IN (FROM near_services)
    WHEN 'EndpointSlice' THEN (namespace, name) IN (SELECT namespace, name FROM near_slices)
    ELSE namespace IN (FROM near_namespaces) AND (
      kind IN ('NetworkPolicy', 'ServiceAccount') OR api_version LIKE 'cilium.io/%' OR api_version LIKE '%projectcalico.org/%'
    )
  END`;

const CGROUP = `
  coalesce(pod_uid IN (
    SELECT kubelet_uid FROM pod_versions
    WHERE namespace IN (FROM chosen) OR (namespace, name) IN (FROM near_pods)
  ), false)`;

/** For each table the condition that a row is of the namespaces, once the tables are made. */
export const OF_NAMESPACES: Readonly<Record<string, string>> = {
  spans: SENT,
  log_records: SENT,
  metric_points: SENT,
  histogram_points: SENT,
  exponential_histogram_points: SENT,
  summary_points: SENT,
  packet_drops: DROPPED,
  flows: FLOWED,
  kubernetes_objects: OBJECT,
  cgroups: CGROUP,
};
