-- Posts, comments and a like with numbers that the examples speak of.
INSERT INTO "Post" ("id", "title", "content", "published") VALUES
  (41, 'Caching at the edge', 'It is easy.', true),
  (42, 'Consistency at the edge', 'It is hard.', true),
  (43, 'Invalidation', 'By hand, or exact.', true)
ON CONFLICT DO NOTHING;

INSERT INTO "Comment" ("id", "content", "postId") VALUES
  (98, 'Nice!', 41),
  (99, 'Indeed.', 42)
ON CONFLICT DO NOTHING;

INSERT INTO "Like" ("id", "commentId") VALUES (1, 98) ON CONFLICT DO NOTHING;
