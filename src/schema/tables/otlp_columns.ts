import { column, optional, promoted } from '../table.js';
import { T } from '../types.js';

/** Columns that every record sent by OTLP has: who sent it, by its resource and scope. */
export const sender = {
  service_name: promoted(T.service, ['service.name']),
  service_namespace: promoted(T.service, ['service.namespace']),
  k8s_namespace_name: promoted(T.kubernetes_name, ['k8s.namespace.name']),
  k8s_pod_name: promoted(T.kubernetes_name, ['k8s.pod.name']),
  k8s_pod_uid: promoted(T.uid, ['k8s.pod.uid']),
  k8s_node_name: promoted(T.node, ['k8s.node.name']),
  k8s_container_name: promoted(T.kubernetes_name, ['k8s.container.name']),
  k8s_deployment_name: promoted(T.kubernetes_name, ['k8s.deployment.name']),
  resource_attributes: column(T.attributes, 'Attributes of the resource that sent the record.'),
  resource_attribute_types: column(T.attribute_types, 'Value types of `resource_attributes`, a letter each.'),
  resource_dropped_attributes_count: column(T.small_count, 'Resource attributes that the sender dropped.'),
  resource_schema_url: optional(T.schema_url, 'Schema of the resource; NULL when the sender named none.'),
  resource_entity_refs: optional(
    T.entity_refs,
    'Entities of the resource, as OTLP/JSON; NULL when there are none.',
  ),
  scope_name: optional(T.operation, 'Name of the instrumentation scope; NULL when the sender named none.'),
  scope_version: optional(
    T.operation,
    'Version of the instrumentation scope; NULL when the sender named none.',
  ),
  scope_attributes: column(T.attributes, 'Attributes of the instrumentation scope.'),
  scope_attribute_types: column(T.attribute_types, 'Value types of `scope_attributes`, a letter each.'),
  scope_dropped_attributes_count: column(T.small_count, 'Scope attributes that the sender dropped.'),
  scope_schema_url: optional(T.schema_url, 'Schema of the records; NULL when the sender named none.'),
};

/** A record's own attributes. */
export const own = {
  attributes: column(T.attributes, "The record's attributes, in the order sent; values as text."),
  attribute_types: column(
    T.attribute_types,
    'Value types of `attributes`, a letter each in their order: s string, b boolean, i integer, d double, y bytes, a array, m map, - none.',
  ),
  dropped_attributes_count: column(T.small_count, 'Attributes that the sender dropped.'),
};

/** What every metric data point carries of its metric. */
export const metric = {
  metric_name: column(T.operation, 'Name of the metric.'),
  metric_description: optional(T.message, 'Description of the metric; NULL when the sender gave none.'),
  metric_unit: optional(T.enumeration, 'Unit of the metric; NULL when the sender gave none.'),
  metric_metadata: column(T.attributes, 'Metadata of the metric.'),
  metric_metadata_types: column(T.attribute_types, 'Value types of `metric_metadata`, a letter each.'),
};

/** Time, identity and attributes of a data point. */
export const point = {
  time: column(T.time, 'Time of the data point; where none usable was sent, when it was received.'),
  node: column(T.node, 'The node that received it.'),
  row_id: column(T.row_id, 'Identity of the data point in this recording; exemplars refer to it.'),
  time_raw: optional(
    T.raw_time,
    'The time sent, where `time` could not keep it: 0, or beyond the year 2262.',
  ),
  start_time: optional(T.time, 'Start of the interval; NULL when none usable was sent.'),
  start_time_raw: optional(T.raw_time, 'The start sent, where `start_time` could not keep it.'),
  flags: column(T.flags, 'DataPointFlags; 1 means that no value was recorded.'),
  attributes: own.attributes,
  attribute_types: own.attribute_types,
};

/** How a value is aggregated over time. */
export const temporality = optional(
  T.enumeration,
  '`DELTA`, `CUMULATIVE` or `UNSPECIFIED`, else the number sent; NULL for a gauge.',
);
