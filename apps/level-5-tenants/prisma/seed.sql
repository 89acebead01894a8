-- Two tenants, and what they pay.
INSERT INTO "Post" ("id", "tenantId", "title", "content") VALUES
  (41, 'acme-corp', 'Anvils', 'Now in blue.'),
  (42, 'acme-corp', 'Rockets', 'Stand back.'),
  (51, 'widgets-inc', 'Widgets', 'Now in blue.')
ON CONFLICT DO NOTHING;

INSERT INTO "Plan" ("id", "name", "price") VALUES (1, 'Small', 900), (2, 'Large', 4900) ON CONFLICT DO NOTHING;
