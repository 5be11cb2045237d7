import { type Node, parse } from 'acorn';

/** A program with one clause of its code taken away. */
export interface Mutant {
  /** Offsets of what is replaced in the program's text. */
  readonly start: number;
  readonly end: number;
  /** The expression that stands in its place; undefined where an item of a list is left out. */
  readonly text: string | undefined;
  /** What was done, in words. */
  readonly what: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Every way to take one clause away from a module: a condition, an operand, a case, a call, an item.
 * What encloses another stands before it.
 */
export function mutantsOf(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const add = ({ start, end }: Node, text: string | undefined, what: string) => {
    if (source.slice(start, end) !== text) mutants.push({ start, end, text, what });
  };
  const textOf = (node: Node) => `(${source.slice(node.start, node.end)})`;
  for (const node of nodesOf(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }))) {
    const fields = node as unknown as Fields;
    switch (node.type) {
      case 'IfStatement':
        add(fields.test as Node, 'false', 'the condition never holds');
        add(fields.test as Node, 'true', 'the condition always holds');
        break;
      case 'ConditionalExpression':
        add(node, textOf(fields.consequent as Node), 'the condition always holds');
        add(node, textOf(fields.alternate as Node), 'the condition never holds');
        break;
      case 'LogicalExpression':
        add(node, textOf(fields.left as Node), `without what follows ${fields.operator}`);
        if (fields.operator !== '??')
          add(node, textOf(fields.right as Node), `without what precedes ${fields.operator}`);
        break;
      case 'UnaryExpression':
        if (fields.operator === '!') add(node, textOf(fields.argument as Node), 'without !');
        break;
      case 'BinaryExpression': {
        const edge = EDGES[String(fields.operator)];
        const { left, right } = fields as { left: Node; right: Node };
        if (edge !== undefined)
          add(node, `${textOf(left)} ${edge} ${textOf(right)}`, `${fields.operator} is ${edge}`);
        break;
      }
      case 'SwitchCase':
        // Nothing equals it.
        if (fields.test !== null) add(fields.test as Node, 'NaN', 'without the case');
        break;
      case 'ExpressionStatement': {
        const call = fields.expression as Node;
        if (call.type === 'CallExpression' && !isOfSuper(call)) add(call, 'undefined', 'without the call');
        break;
      }
      case 'ArrayExpression':
        for (const item of itemsOf(fields.elements)) add(item, undefined, 'without the item');
        break;
    }
  }
  return mutants.sort((a, b) => a.start - b.start || b.end - a.end);
}

const EDGES: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** A class that extends another cannot do without. */
function isOfSuper(call: Node): boolean {
  return ((call as unknown as Fields).callee as Node).type === 'Super';
}

/** The items of a list of more than one. */
function itemsOf(elements: unknown): Node[] {
  const nodes = (elements as (Node | null)[]).filter((node) => node !== null);
  return nodes.length < 2 ? [] : nodes;
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/**
 * The module with all its mutants in it: one of them counts where `isTakenAway(number)` says so, a function that
 * whoever runs the module must provide for everybody.
 * @param mutants as `mutantsOf` gives them.
 * @param first number of the first of them.
 */
export function withMutants(source: string, mutants: readonly Mutant[], first: number): string {
  const before: string[] = [];
  const after: string[] = [];
  for (const [i, { start, end, text }] of mutants.entries()) {
    const [open, close] =
      text === undefined
        ? [`...(isTakenAway(${first + i}) ? [] : [`, '])']
        : [`(isTakenAway(${first + i}) ? ${text} : `, ')'];
    before[start] = (before[start] ?? '') + open;
    after[end] = close + (after[end] ?? '');
  }
  return Array.from({ length: source.length + 1 }, (_, i) => [after[i], before[i], source[i]].join('')).join(
    '',
  );
}
