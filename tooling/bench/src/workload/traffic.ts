import type { ReadOperation, WriteOperation } from '@boost/core';
import { hotness, storyData, storyTime, type Size } from './data.ts';
import { draw, votesPerComment, votesPerStory, votesPerUser, Weighted } from './distributions.ts';
import { readsShowing, writes, type Authors, type Reads } from './pages.ts';
import type { Random } from './random.ts';
import type { Tables } from './tables.ts';

export type Skew = 'votes' | 'zipf';
export type Viewer = 'anonymous' | 'user';

/** Who visits, and what for. */
export interface Audience {
  readonly skew: Skew;
  readonly viewer: Viewer;
  readonly authors: Authors;
}

/** Where a page's operations go. */
export interface Target {
  read(operation: ReadOperation): Promise<unknown>;
  write(operation: WriteOperation): Promise<void>;
}

const ZIPF_EXPONENT = 0.99;

/** Shares of the pages in percent. */
const MIX = [
  ['story', 55.842],
  ['front', 30.105],
  ['user', 6.702],
  ['comments', 4.674],
  ['recent', 0.967],
  ['commentVote', 0.684],
  ['storyVote', 0.496],
  ['comment', 0.387],
  ['login', 0.087],
  ['submit', 0.053],
] as const;

/** Visitors of the site: pages in the published shares, stories by votes or by recency, people by how much they vote. */
export class Traffic {
  readonly #random: Random;
  readonly #tables: Tables;
  readonly #audience: Audience;
  readonly #reads: Reads;
  readonly #mix = new Weighted(MIX.map(([, share]) => share));
  readonly #users: Weighted;
  readonly #comments: Weighted;
  readonly #stories: Weighted;
  #storyCount: number;
  #commentCount: number;

  constructor(tables: Tables, random: Random, size: Size, audience: Audience) {
    this.#tables = tables;
    this.#random = random;
    this.#audience = audience;
    this.#reads = readsShowing(audience.authors);
    this.#storyCount = size.stories;
    this.#commentCount = size.comments;
    const weights = (length: number, weight: (index: number) => number): Weighted =>
      new Weighted(Array.from({ length }, (_, index) => weight(index)));
    this.#users = weights(size.users, () => draw(random, votesPerUser));
    this.#comments = weights(size.comments, () => draw(random, votesPerComment));
    this.#stories = weights(size.stories, (index) =>
      audience.skew === 'zipf' ? (index + 1) ** -ZIPF_EXPONENT : draw(random, votesPerStory),
    );
  }

  async page(target: Target): Promise<void> {
    const userId = this.#users.draw(this.#random) + 1;
    const viewer = this.#audience.viewer === 'user' ? userId : undefined;
    const page = MIX[this.#mix.draw(this.#random)]?.[0];
    switch (page) {
      case 'story': {
        const storyId = this.#story();
        for (const operation of this.#reads.story(storyId)) await target.read(operation);
        if (viewer !== undefined) await target.read(this.#reads.votesOnStory(viewer, storyId));
        return;
      }
      case 'front':
      case 'recent': {
        const shown = (await target.read(this.#reads[page]())) as readonly {
          readonly id: number;
        }[];
        if (viewer === undefined) return;
        const ids = shown.map(({ id }) => id);
        await target.read(this.#reads.votesOnStories(viewer, ids));
        return;
      }
      case 'user':
        for (const operation of this.#reads.user(userId, `user${String(userId)}`)) {
          await target.read(operation);
        }
        return;
      case 'comments':
        await target.read(this.#reads.comments());
        return;
      default:
        for (const operation of this.#writes(page, userId)) await target.write(operation);
    }
  }

  #writes(page: string | undefined, userId: number): readonly WriteOperation[] {
    switch (page) {
      case 'storyVote': {
        const id = this.#story();
        const story = this.#tables.row('Story', id);
        return writes.storyVote(userId, id, Number(story['authorId']), this.#hotness(id, 1, 0));
      }
      case 'commentVote': {
        const id = this.#comments.draw(this.#random) + 1;
        const { storyId, authorId } = this.#tables.row('Comment', id);
        return writes.commentVote(userId, Number(storyId), id, Number(authorId));
      }
      case 'comment': {
        const storyId = this.#story();
        this.#commentCount += 1;
        this.#comments.push(draw(this.#random, votesPerComment));
        const createdAt = new Date(
          storyTime(this.#storyCount).getTime() + this.#commentCount * 60_000,
        );
        const text = `Comment ${String(this.#commentCount)}`;
        const data = { text, createdAt, storyId, authorId: userId };
        return writes.comment(data, storyId, this.#hotness(storyId, 0, 1));
      }
      case 'login':
        return writes.login(userId, new Date(storyTime(this.#storyCount)));
      case 'submit':
        this.#storyCount += 1;
        this.#stories.push(
          this.#audience.skew === 'zipf'
            ? this.#storyCount ** -ZIPF_EXPONENT
            : draw(this.#random, votesPerStory),
        );
        return writes.submit(storyData(this.#random, this.#storyCount, userId, 1));
      default:
        throw new RangeError('no such page');
    }
  }

  /** By Zipf, the newest story is the first in rank. */
  #story(): number {
    const drawn = this.#stories.draw(this.#random);
    return this.#audience.skew === 'zipf' ? this.#storyCount - drawn : drawn + 1;
  }

  #hotness(id: number, votes: number, comments: number): number {
    const { score, commentCount, createdAt } = this.#tables.row('Story', id);
    return hotness(Number(score) + votes, Number(commentCount) + comments, createdAt as Date);
  }
}
