import * as v from 'valibot';

/** What the API takes. */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(10_000));

export const id = v.object({
  id: v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number)),
});

export const patch = v.object({ title: v.exactOptional(text), content: v.exactOptional(text) });

export const replacement = v.object({ from: text, to: text });

export const price = v.object({ price: v.pipe(v.number(), v.integer(), v.minValue(0)) });
