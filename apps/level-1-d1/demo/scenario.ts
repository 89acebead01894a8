import type { Screen } from './screen.ts';
import type { Tour } from './tour.ts';

const PUBLISHED = '/posts?published=true';
const READS = [PUBLISHED, '/posts/1', '/posts/3', '/tags', '/comments/1/likes'];

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

  screen.part('Warm reads', 'The same again: nothing reaches the database.');
  await tour.read(...READS);

  screen.part(
    'A write',
    'post.update of post 2: on the free tier every read that touches Post falls; likes touch none, and stay.',
  );
  await tour.write({ method: 'PATCH', path: '/posts/2', body: { title: 'Consistency is hard' } });
  await tour.read(...READS);

  screen.part(
    'A write to a related model',
    'comment.create: the pages that show comments fall; the list of posts and the tags show none, and stay.',
  );
  const comment = { content: 'Me too.' };
  await tour.write({ method: 'POST', path: '/posts/1/comments', body: comment }, 201);
  await tour.read(...READS);

  screen.part(
    'A cascade',
    'comment.delete: the database deletes the likes of the comment with it, so reads of Like fall too.',
  );
  await tour.write({ method: 'DELETE', path: '/comments/1' }, 204);
  await tour.read(...READS);

  screen.part(
    'A nested write',
    'One post.create with a comment, a new tag and a known one: four tables, one of them a join table.',
  );
  const nested = { title: 'Nested', content: '…', comments: ['First!'], tags: ['edge', 'new'] };
  await tour.write({ method: 'POST', path: '/posts', body: nested }, 201);
  await tour.read(...READS);

  screen.part(
    'A transaction',
    'D1 has none: $transaction([post.update, comment.create]) is two commits, and each invalidates by itself.\nIn the first call the second statement fails; the first one stays in the database, and the cache knows.',
  );
  const failing = { content: 'Published!', commentOn: 9_999 };
  await tour.write({ method: 'POST', path: '/posts/3/publication', body: failing }, 409);
  await tour.read(PUBLISHED, '/posts/3');
  const succeeding = { content: 'Published!' };
  await tour.write({ method: 'POST', path: '/posts/4/publication', body: succeeding });
  await tour.read(PUBLISHED, '/posts/3');

  screen.part('A hundred readers at once', 'Identical reads that nothing in the cache answers.');
  await tour.write({ method: 'PATCH', path: '/posts/1', body: { content: 'It is easy!' } });
  await tour.readTogether(100, PUBLISHED);
}
