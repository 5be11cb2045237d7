import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { repository } from '../../repository.js';

const DIRECTORY = join(repository, 'capture/deploy');

/** An object of one of the files in capture/deploy. */
export interface Manifest {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Every object of every YAML file. */
export const MANIFESTS: readonly Manifest[] = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join(DIRECTORY, file), 'utf8')).map((document) => {
      for (const error of document.errors) throw error;
      const object = document.toJS();
      return { file, kind: object.kind, name: object.metadata.name, object };
    }),
  );

/** The pods of a workload. */
interface Workload {
  readonly spec?: { readonly template?: { readonly spec?: V1PodSpec } };
}

/** Every pod that the files make, by where it stands. */
export const PODS: readonly { readonly where: string; readonly spec: V1PodSpec }[] = MANIFESTS.flatMap(
  ({ file, kind, name, object }) => {
    const spec = (object as Workload).spec?.template?.spec;
    return spec === undefined ? [] : [{ where: `${file} ${kind} ${name}`, spec }];
  },
);

/** Every container of these pods. */
export const CONTAINERS: readonly { readonly where: string; readonly container: V1Container }[] =
  PODS.flatMap(({ where, spec }) =>
    [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({
      where: `${where} ${container.name}`,
      container,
    })),
  );
