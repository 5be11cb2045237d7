/** What the API's kinds have in common. */

export type Labels = Readonly<Record<string, string>>;

export interface Named {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

export interface Namespaced {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Labels };
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}
