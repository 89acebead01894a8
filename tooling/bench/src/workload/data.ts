import type { Schema } from '@boost/core';
import {
  commentsPerStory,
  draw,
  votesPerComment,
  votesPerStory,
  Weighted,
} from './distributions.ts';
import type { Random } from './random.ts';
import { Tables } from './tables.ts';

export interface Size {
  readonly users: number;
  readonly stories: number;
  readonly comments: number;
  readonly warmUpPages: number;
  readonly pages: number;
}

export const CI_SIZE: Size = {
  users: 580,
  stories: 400,
  comments: 3010,
  warmUpPages: 4000,
  pages: 20_000,
};

const TAGS = 50;
/** Stories come every hour: about as on the site. */
const STORY_SPACING_MS = 3_600_000;
/** Score counts by its logarithm, and 22 hours of age outweigh a factor of ten, as on the site. */
const HOTNESS_WINDOW_MS = 22 * 3_600_000;
const EPOCH_MS = Date.UTC(2018, 0, 1);

export function storyTime(story: number): Date {
  return new Date(EPOCH_MS + story * STORY_SPACING_MS);
}

export function hotness(score: number, comments: number, createdAt: Date): number {
  const points = Math.log10(Math.max(1, score + comments / 2));
  return points + (createdAt.getTime() - EPOCH_MS) / HOTNESS_WINDOW_MS;
}

export function storyData(
  random: Random,
  number: number,
  authorId: number,
  score: number,
): Record<string, unknown> {
  const createdAt = storyTime(number);
  const first = random.int(1, TAGS);
  const second = random.int(1, TAGS);
  return {
    title: `Story ${String(number)}: a title of ordinary length`,
    url: `https://example.com/stories/${String(number)}`,
    score,
    hotness: hotness(score, 0, createdAt),
    createdAt,
    authorId,
    taggings: { create: [...new Set([first, second])].map((tagId) => ({ tagId })) },
  };
}

/** The site before the first visitor. */
export function createSite(schema: Schema, random: Random, size: Size): Tables {
  const tables = new Tables(schema);
  for (let user = 1; user <= size.users; user++) {
    tables.insert('User', { username: `user${String(user)}`, about: 'Writes about computing.' });
  }
  for (let tag = 1; tag <= TAGS; tag++) tables.insert('Tag', { name: `tag${String(tag)}` });
  for (let number = 1; number <= size.stories; number++) {
    const score = draw(random, votesPerStory);
    tables.insert('Story', storyData(random, number, random.int(1, size.users), score));
  }
  const discussed = new Weighted(
    Array.from({ length: size.stories }, () => draw(random, commentsPerStory)),
  );
  for (let number = 1; number <= size.comments; number++) {
    const storyId = discussed.draw(random) + 1;
    const minutes = number * 60_000;
    tables.insert('Comment', {
      text: `Comment ${String(number)}: a sentence or two of ordinary length.`,
      score: draw(random, votesPerComment),
      createdAt: new Date(storyTime(storyId).getTime() + minutes),
      storyId,
      authorId: random.int(1, size.users),
    });
    const story = tables.row('Story', storyId);
    const commentCount = Number(story['commentCount']) + 1;
    tables.write({
      model: 'Story',
      action: 'update',
      args: {
        where: { id: storyId },
        data: {
          commentCount,
          hotness: hotness(Number(story['score']), commentCount, story['createdAt'] as Date),
        },
      },
    });
  }
  return tables;
}
