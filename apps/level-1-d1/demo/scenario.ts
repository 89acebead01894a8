import type { Screen } from './screen.ts';
import type { Tour } from './tour.ts';

const PUBLISHED = '/posts?published=true';
const DRAFTS = '/posts?published=false';
const READS = [PUBLISHED, '/posts/1', '/posts/2', '/tags', '/comments/1/likes'];

const POSTS = [
  { title: 'Caching at the edge', content: 'It is easy.', published: true },
  { title: 'Consistency at the edge', content: 'It is hard.', published: true },
  { title: 'A draft', content: 'Not yet.', published: false },
];

/** From an empty database to a hundred readers: what is answered from the cache, what a write invalidates, and why. */
export async function play(tour: Tour, screen: Screen): Promise<void> {
  screen.part('Seed', 'Three posts with comments and tags, and a like.');
  for (const post of POSTS) {
    const body = { ...post, comments: ['Nice!', 'Indeed.'], tags: ['edge', post.title] };
    await tour.write({ method: 'POST', path: '/posts', body }, 201);
  }
  await tour.write({ method: 'POST', path: '/comments/1/likes' }, 201);

  screen.part('Cold reads', 'Nothing is cached: the database answers, the answers are stored.');
  await tour.read(...READS);

  screen.part('Warm reads', 'The same again: no query reaches the database.');
  await tour.read(...READS);

  screen.part(
    'A write',
    'post.update invalidates every read that touches Post; likes do not, and stay.',
  );
  await tour.write({ method: 'PATCH', path: '/posts/2', body: { title: 'Consistency is hard' } });
  await tour.read(...READS);

  screen.part(
    'A write to a related model',
    'comment.create invalidates the pages that show comments; the list of posts shows none, and stays.',
  );
  await tour.write(
    { method: 'POST', path: '/posts/1/comments', body: { content: 'Me too.' } },
    201,
  );
  await tour.read(...READS);

  screen.part(
    'A cascade',
    'comment.delete: the database deletes the likes of the comment with it, so reads of Like fall too.',
  );
  await tour.write({ method: 'DELETE', path: '/comments/1' }, 204);
  await tour.read('/comments/1/likes', '/posts/1', PUBLISHED);

  screen.part(
    'A nested write',
    'One post.create that creates a comment, creates a tag and connects another: four tables, one of them a join table.',
  );
  const nested = { title: 'Nested', content: '…', comments: ['First!'], tags: ['edge', 'new'] };
  await tour.write({ method: 'POST', path: '/posts', body: nested }, 201);
  await tour.read('/tags', '/posts/1', DRAFTS);

  screen.part(
    'A transaction',
    'D1 has none: $transaction([post.update, comment.create]) is two commits. The second fails, the first stays in the database, and the cache knows.',
  );
  const failing = { content: 'Published!', commentOn: 9_999 };
  await tour.write({ method: 'POST', path: '/posts/3/publication', body: failing }, 409);
  await tour.read(PUBLISHED, '/posts/3');
  await tour.write({ method: 'POST', path: '/posts/4/publication', body: { content: 'Out.' } });
  await tour.read(PUBLISHED, '/posts/4');

  screen.part('A hundred readers at once', 'Identical reads that nothing answers from the cache.');
  await tour.write({ method: 'PATCH', path: '/posts/1', body: { content: 'It is easy!' } });
  await tour.readTogether(100, PUBLISHED);
}
