import type { CacheConfig } from '@boost/core';

/** A new one each time: inspectors with the same config share what they have seen. */
export function freshConfig(): CacheConfig {
  return {
    format: 1,
    schemaHash: 'd94f07c9bfe6e823',
    provider: 'sqlite',
    relationMode: 'foreignKeys',
    models: {
      Post: 'm|id:I+ title:S published:B=false|#id|comments<Comment.post[] tags*Tag.posts:_PostToTag:A|',
      Comment: 'm|id:I+ content:S postId:I|#id|post>Post.comments(postId=id)RC|',
      Tag: 'm|id:I+ name:S|#id name|posts*Post.tags:_PostToTag:B|',
      _PostToTag: 'j|A:I B:I|#A_B=A,B||+A +B',
    },
  };
}
