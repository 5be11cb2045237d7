/** Characters that take two columns of a terminal: those of East Asian scripts, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;
/** Marks that take none. */
const COMBINING = /\p{M}/gu;

/** Columns that a line of text takes on a terminal, about. */
export function textWidth(text: string): number {
  return [...text.replace(COMBINING, '').replace(WIDE, '  ')].length;
}
