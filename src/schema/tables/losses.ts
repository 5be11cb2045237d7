import { column, optional, table } from '../table.js';
import { T } from '../types.js';

export const losses = table({
  name: 'losses',
  doc: 'What the recording knows that it lacks: one row for each stretch in which something was lost.',
  source: 'recorder',
  columns: {
    time: column(T.time, 'When the loss began, or could first have begun.'),
    until: column(T.time, 'When it had ended.'),
    node: column(T.node, 'The node whose recorder lost it.'),
    source: column(
      T.enumeration,
      'What lost it: `probe`, `otlp`, `kubernetes`, `cgroups`, `hubble`, `netobserv`, `clock` or `recorder`.',
    ),
    table_name: optional(T.enumeration, 'The table that lacks rows; NULL when several do.'),
    reason: column(T.enumeration, 'Why, in a word or two, such as `ring buffer full` or `watch gap`.'),
    subject: optional(
      T.enumeration,
      'What in particular, such as the drop reason of a probe or the kind of a Kubernetes object.',
    ),
    count: optional(T.count, 'How many rows were lost; NULL when that cannot be known.'),
    detail: optional(T.loss_detail, 'The particulars, such as the error as it was given.'),
  },
});
