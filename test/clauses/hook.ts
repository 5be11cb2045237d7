import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';

// Loads the policy code with its mutants in it, and gives its tests a stand-in for the test runner.

const TESTS = /\/dist\/test\/src\/policy\//;
const STAND_IN = new URL('node_test.js', import.meta.url).href;

let sources: ReadonlyMap<string, string>;

/** Told the texts of modules by their addresses. */
export const initialize: InitializeHook<ReadonlyMap<string, string>> = (given) => {
  sources = given;
};

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === 'node:test' && TESTS.test(context.parentURL ?? '')
    ? { url: STAND_IN, shortCircuit: true }
    : next(specifier, context);

export const load: LoadHook = (url, context, next) => {
  const source = sources.get(url);
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
};
