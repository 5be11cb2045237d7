import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

// Loads the policy code and its tests anew for each mutant: the address of a module ends in the mutant it belongs to,
// and whatever it imports of these folders belongs to the same.

const OURS = /\/dist\/(test\/)?src\/policy\//;
const STAND_IN = new URL('node_test.js', import.meta.url).href;

export const resolve: ResolveHook = async (specifier, context, next) => {
  const mutant = new URL(context.parentURL ?? 'file:///').search;
  if (mutant !== '' && specifier === 'node:test') return { url: STAND_IN, shortCircuit: true };
  const found = await next(specifier, context);
  return mutant !== '' && OURS.test(found.url) ? { ...found, url: found.url + mutant } : found;
};

/** Texts of modules, which stay the same from mutant to mutant. */
const sources = new Map<string, string>();

async function sourceOf(path: string): Promise<string> {
  const source = sources.get(path) ?? (await readFile(path, 'utf8'));
  sources.set(path, source);
  return source;
}

export const load: LoadHook = async (url, context, next) => {
  const { search, searchParams, pathname } = new URL(url);
  if (search === '' || !OURS.test(url)) return next(url, context);
  const source = await sourceOf(fileURLToPath(url));
  if (!pathname.endsWith(`/${searchParams.get('file')}`))
    return { format: 'module', source, shortCircuit: true };
  const [start, end] = [Number(searchParams.get('start')), Number(searchParams.get('end'))];
  const mutated = source.slice(0, start) + (searchParams.get('text') ?? '') + source.slice(end);
  return { format: 'module', source: mutated, shortCircuit: true };
};
