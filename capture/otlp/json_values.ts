import { TooLargeError } from './refusals.js';

/**
 * Throws TooLargeError where JSON has more than `most` values, about: parsed they are objects, and `[1,1,1…` takes
 * thirty times the memory of its text.
 */
export function refuseManyValues(json: Buffer, most: number): void {
  let values = 1;
  for (let i = 0; i < json.length; i++) {
    switch (json[i]) {
      case 0x22: // a string: on to its closing quote
        for (i++; i < json.length && json[i] !== 0x22; i++) if (json[i] === 0x5c) i++;
        break;
      case 0x2c: // ,
      case 0x5b: // [
      case 0x7b: // {
        if (++values > most)
          throw new TooLargeError(`the JSON has more than ${most} values, the most that is taken`);
        break;
      default:
    }
  }
}
