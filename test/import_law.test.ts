import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { circles } from './circles.js';
import { repository } from './repository.js';

/** Lowest first: a layer imports itself and what stands before it. */
const SRC_LAYERS = [
  'errors.ts',
  'closest.ts',
  'inert.ts',
  'read_json.ts',
  'threads',
  'schema',
  'tape',
  'archive',
  'kubernetes',
  'otlp',
  'policy',
  'query',
  'report',
  'import',
  'collect',
  'convert',
  'share',
  'cli',
];

/** What capture may import of src. */
const CAPTURE_MAY = ['errors.ts', 'inert.ts', 'schema', 'tape', 'otlp', 'kubernetes'];

interface Import {
  readonly from: string;
  readonly to: string;
}

function imports(folder: string): Import[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const from = join(repository, folder, file);
      const specifiers = readFileSync(from, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
      return [...specifiers].map(([, specifier = '']) => ({
        from: relative(repository, from),
        to: relative(repository, resolve(dirname(from), specifier)).replace(/\.js$/, '.ts'),
      }));
    });
}

function broken(folder: string, allowed: (edge: Import) => boolean): string[] {
  return imports(folder)
    .filter((edge) => !allowed(edge))
    .map(({ from, to }) => `${from} imports ${to}`);
}

const part = (path: string) => path.split('/')[1] ?? '';

test('src imports only what stands below it, and never capture', () => {
  const height = (path: string) => SRC_LAYERS.indexOf(part(path));
  const law = ({ from, to }: Import) =>
    to.startsWith('src/') && height(to) >= 0 && height(to) <= height(from);
  assert.deepEqual(
    broken('src', (edge) => law(edge) || edge.from === 'src/schema/generate.ts'),
    [],
  );
});

test('policy, otlp, kubernetes, tape and schema read and write nothing but tape files', () => {
  const pure = ['schema', 'kubernetes', 'otlp', 'policy'];
  const effects = pure.flatMap((folder) =>
    readdirSync(join(repository, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'generate.ts')
      .filter((file) =>
        /from 'node:(fs|net|http|child_process)|Date\.now\(|process\.(env|argv|exit)/.test(
          readFileSync(join(repository, 'src', folder, file), 'utf8'),
        ),
      )
      .map((file) => `src/${folder}/${file}`),
  );
  assert.deepEqual(effects, []);
});

test('capture imports of src only the pure lower part', () => {
  assert.deepEqual(
    broken('capture', ({ to }) => to.startsWith('capture/') || CAPTURE_MAY.includes(part(to))),
    [],
  );
});

test('the lab enforces policies without the evaluator that it is to test', () => {
  assert.deepEqual(
    broken('fixtures/lab', ({ to }) => !to.startsWith('src/policy')),
    [],
  );
});

test('the proof shares nothing with the redactor, nor reads files by the code that wrote them', () => {
  const forbidden = (to: string) =>
    to.startsWith('src/share/') || to.startsWith('src/tape/parquet') || to.startsWith('src/tape/columns');
  assert.deepEqual(
    broken('src/share/proof', ({ to }) => to.startsWith('src/share/proof/') || !forbidden(to)),
    [],
  );
  assert.ok(imports('src/share/proof').length > 0);
});

test('no file imports one that imports it in turn, not even types', () => {
  const files = new Map<string, string[]>();
  for (const { from, to } of ['src', 'capture', 'fixtures', 'test'].flatMap(imports))
    files.set(from, [...(files.get(from) ?? []), to]);
  assert.deepEqual(circles(files), []);
  assert.ok(files.size > 500);
});

test('a circle is told by its path', () => {
  const files = new Map([
    ['top.ts', ['rule.ts', 'port.ts']],
    ['rule.ts', ['clause.ts', 'port.ts']],
    ['clause.ts', ['port.ts', 'state.ts']],
    ['state.ts', ['rule.ts']],
    ['self.ts', ['self.ts']],
  ]);
  assert.deepEqual(circles(files), ['rule.ts > clause.ts > state.ts > rule.ts', 'self.ts > self.ts']);
});
