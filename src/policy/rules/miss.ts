/** A clause that failed, and how far it is from holding: the nearest is the one to tell people about. */
export interface Miss {
  /** Zero is nearest: about the number of labels that differ. */
  readonly distance: number;
  /** What the rule asks for: `pods app=web`. */
  readonly asks: string;
  /** What there is instead: `the source pod has app=api`. */
  readonly actual: string;
}
