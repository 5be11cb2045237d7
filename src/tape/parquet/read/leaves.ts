import { Repetition } from '../format.js';
import { Malformed } from './malformed.js';
import type { Struct } from './thrift.js';

/** A column that holds values, as the file's schema has it. */
export interface Leaf {
  /** Names from the table's column down. */
  readonly path: readonly string[];
  readonly type: number;
  /** Definition level of a value that is there; lower ones are NULL or, further up, an empty list. */
  readonly mostDefinition: number;
  /** Definition level from which on a list has an item; 0 outside lists. */
  readonly itemDefinition: number;
  /** Whether it is in a list. */
  readonly repeated: boolean;
  /** Whether it is annotated as a time in nanoseconds. */
  readonly nanoseconds: boolean;
}

const NANOS = 3;

/** The leaves of a schema, which lists each group before what it contains. */
export function leavesOfFile(elements: readonly Struct[]): Leaf[] {
  const [root, ...rest] = elements;
  if (root === undefined) throw new Malformed('no schema');
  const leaves: Leaf[] = [];
  let next = 0;
  const descend = (children: number, path: readonly string[], levels: Levels): void => {
    for (let i = 0; i < children; i++) {
      const element = rest[next++];
      if (element === undefined) throw new Malformed('the schema ends too early');
      const name = [...path, element.text(4)];
      if (name.length > 3)
        throw new Malformed(`column ${name.join('.')}: nested deeper than a tape's columns`);
      const inner = within(levels, element.integer(3), name);
      const count = element.optionalInteger(5) ?? 0;
      if (count > 0) descend(count, name, inner);
      else
        leaves.push({ path: name, type: element.integer(1), nanoseconds: isNanoseconds(element), ...inner });
    }
  };
  descend(root.integer(5), [], { mostDefinition: 0, itemDefinition: 0, repeated: false });
  if (next !== rest.length)
    throw new Malformed(`${rest.length} columns in the schema, of which ${next} have a place`);
  return leaves;
}

type Levels = Pick<Leaf, 'mostDefinition' | 'itemDefinition' | 'repeated'>;

function within(levels: Levels, repetition: number, path: readonly string[]): Levels {
  const mostDefinition = levels.mostDefinition + (repetition === Repetition.REQUIRED ? 0 : 1);
  if (repetition !== Repetition.REPEATED) return { ...levels, mostDefinition };
  if (levels.repeated) throw new Malformed(`column ${path.join('.')}: a list in a list`);
  return { mostDefinition, itemDefinition: mostDefinition, repeated: true };
}

function isNanoseconds(element: Struct): boolean {
  if (!element.has(10)) return false;
  const logical = element.struct(10);
  return logical.has(8) && logical.struct(8).struct(2).has(NANOS);
}
