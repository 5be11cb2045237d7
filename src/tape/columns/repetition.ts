/** So many texts in a row are looked up, to see whether they repeat; if few do, … */
const SAMPLE = 512;
/** … so many are then appended without looking, and twice as many each time after that, up to a limit. */
const FIRST_UNSEEN = 1024;
const MOST_UNSEEN = 16_384;
/** Share of new texts in a sample above which looking costs more than it saves. */
const MOSTLY_NEW = 0.9;

/** Judges whether texts of one origin repeat, so that looking each up is worth it: ids and ports hardly ever do. */
export class Repetition {
  private seen = 0;
  private fresh = 0;
  private unseen = 0;
  private nextUnseen = FIRST_UNSEEN;

  /** Whether to look the next text up. */
  likely(): boolean {
    if (this.unseen === 0) return true;
    this.unseen--;
    return false;
  }

  /** Takes note of a text that was looked up: whether it is new. */
  note(isNew: boolean): void {
    if (isNew) this.fresh++;
    if (++this.seen < SAMPLE) return;
    if (this.fresh > SAMPLE * MOSTLY_NEW) {
      this.unseen = this.nextUnseen;
      this.nextUnseen = Math.min(this.nextUnseen * 2, MOST_UNSEEN);
    } else this.nextUnseen = FIRST_UNSEEN;
    this.seen = 0;
    this.fresh = 0;
  }
}
