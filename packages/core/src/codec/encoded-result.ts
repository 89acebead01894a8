import { copyResult } from './copy.js';
import { toPlain } from './plain.js';
import { revive, type MakeDecimal } from './revive.js';
import { shapeOf, type Shape } from './shape.js';

/** A result as text, from which every caller gets a copy of its own. */
export class EncodedResult {
  readonly shape: Shape;
  /** JSON. */
  readonly payload: string;
  #decodings = 0;
  /** Kept from the second decoding on, and handed to nobody: copying it is faster than parsing. */
  #original: unknown;

  constructor(shape: Shape, payload: string) {
    this.shape = shape;
    this.payload = payload;
  }

  /**
   * The result as Prisma returned it.
   *
   * @throws whatever `makeDecimal` throws; SyntaxError where the payload is not what `encodeResult` wrote
   */
  decode(makeDecimal: MakeDecimal): unknown {
    if (this.#decodings > 1) return copyResult(this.#original, makeDecimal);
    const result = revive(JSON.parse(this.payload) as unknown, this.shape, makeDecimal);
    this.#decodings++;
    if (this.#decodings === 1) return result;
    this.#original = result;
    return copyResult(result, makeDecimal);
  }
}

/** @throws BoostError `BOOST_VALUE_UNSUPPORTED` for a result that would not come back as it is */
export function encodeResult(result: unknown): EncodedResult {
  const shape = shapeOf(result);
  return new EncodedResult(shape, JSON.stringify(toPlain(result, shape)));
}
