import { until } from '../until.js';
import { Api } from './api.js';
import { Recording } from './recording.js';

/** A recording that has listed and watches. */
export async function watching(
  prepare: (api: Api) => void = () => undefined,
  tickNs?: bigint,
): Promise<Recording> {
  const api = new Api();
  prepare(api);
  await api.start();
  const recording = new Recording(api, tickNs);
  await until('it watches', () => api.watching === 1);
  return recording;
}
