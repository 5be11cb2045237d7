import type { Table } from '../table.js';
import { cgroups } from './cgroups.js';
import { exemplars } from './exemplars.js';
import { exponentialHistogramPoints } from './exponential_histogram_points.js';
import { flows } from './flows.js';
import { histogramPoints } from './histogram_points.js';
import { kubernetesObjects } from './kubernetes_objects.js';
import { logRecords } from './log_records.js';
import { losses } from './losses.js';
import { metricPoints } from './metric_points.js';
import { packetDrops } from './packet_drops.js';
import { recorderHealth } from './recorder_health.js';
import { spanEvents } from './span_events.js';
import { spanLinks } from './span_links.js';
import { spans } from './spans.js';
import { summaryPoints } from './summary_points.js';

/** Every table a tape can hold, in the order in which people read them. */
export const tables: readonly Table[] = [
  packetDrops,
  flows,
  spans,
  spanEvents,
  spanLinks,
  logRecords,
  metricPoints,
  histogramPoints,
  exponentialHistogramPoints,
  summaryPoints,
  exemplars,
  kubernetesObjects,
  cgroups,
  recorderHealth,
  losses,
];

/** The table of that name, if there is one. */
export function tableNamed(name: string): Table | undefined {
  return tables.find((table) => table.name === name);
}
