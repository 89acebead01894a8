import * as v from 'valibot';

/** What the API takes. */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(10_000));
const key = v.pipe(v.number(), v.integer(), v.minValue(1));

export const id = v.object({
  id: v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number)),
});

export const search = v.object({
  published: v.optional(
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((value) => value === 'true'),
    ),
  ),
});

export const post = v.object({
  title: text,
  content: text,
  published: v.optional(v.boolean(), false),
  comments: v.optional(v.array(text), []),
  tags: v.optional(v.array(text), []),
});

export const patch = v.object({
  title: v.exactOptional(text),
  content: v.exactOptional(text),
  published: v.exactOptional(v.boolean()),
});

export const publication = v.object({ content: text, commentOn: v.optional(key) });

export const comment = v.object({ content: text });

export const move = v.object({ content: v.exactOptional(text), postId: v.exactOptional(key) });
