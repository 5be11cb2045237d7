import { type Node, parse } from 'acorn';

/** A program with one clause of its code taken away. */
export interface Mutant {
  /** Offsets of what is replaced in the program's text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What was done, in words. */
  readonly what: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Every way to take one clause away from a module: a condition, an operand, a case, a statement, an item. */
export function mutantsOf(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (node: Node, text: string, what: string) => {
    if (source.slice(node.start, node.end) !== text)
      mutants.push({ start: node.start, end: node.end, text, what });
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
        if (fields.test !== null) add(node, '', 'without the case');
        break;
      case 'ExpressionStatement':
        if ((fields.expression as Node).type === 'CallExpression') add(node, ';', 'without the call');
        break;
      case 'ArrayExpression':
        for (const item of itemsOf(fields.elements)) add(item.node, item.nothing, 'without the item');
        break;
    }
  }
  return mutants;
}

const EDGES: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** The items of a list of more than one, and what stands for none. */
function itemsOf(elements: unknown): { node: Node; nothing: string }[] {
  const nodes = (elements as (Node | null)[]).filter((node) => node !== null);
  return nodes.length < 2 ? [] : nodes.map((node) => ({ node, nothing: '...[]' }));
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
