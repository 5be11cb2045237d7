// Stands in for node:test where a mutant is tried: gathers tests instead of running and reporting them.

/** As much of a test's context as the tests of policies use. */
interface Context {
  diagnostic(): void;
  skip(): void;
  after(): void;
  test(name: string, body: Body): Promise<void>;
}

type Body = (context: Context) => unknown;

const context: Context = {
  diagnostic() {},
  skip() {},
  after() {},
  test: async (_name: string, body: Body) => void (await body(context)),
};

export interface GatheredTest {
  readonly name: string;
  readonly run: () => unknown;
}

let gathered: GatheredTest[] = [];

export function test(name: string, ...rest: unknown[]): void {
  const body = rest.at(-1);
  const options = rest.length > 1 ? (rest[0] as { readonly skip?: unknown }) : {};
  if (typeof body === 'function' && !options.skip) gathered.push({ name, run: () => body(context) });
}

/** The tests defined since it was last asked. */
export function takeTests(): GatheredTest[] {
  const taken = gathered;
  gathered = [];
  return taken;
}
