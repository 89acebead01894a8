import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import type { AuthoritySource } from '../../src/epoch/authority.js';
import { kvAuthority } from '../../src/epoch/kv-authority.js';
import { createMemoryAuthority } from '../../src/epoch/memory-authority.js';
import type { Granularity } from '../../src/scope/scope.js';
import { Client, type ClientOptions } from './client.js';
import { Database } from './database.js';
import { Surroundings } from './surroundings.js';

export type AuthorityName = 'kv' | 'memory';

/** A database with two posts, one store, and clients of both in one isolate. */
export class Setup {
  readonly surroundings: Surroundings;
  readonly database: Database = new Database();
  readonly adapter: CacheAdapter;
  readonly authority: AuthoritySource;

  constructor(authority: AuthorityName, granularity: Granularity = 'model') {
    this.surroundings = new Surroundings();
    const { clock, random } = this.surroundings.ports;
    this.adapter = createMemoryAdapter({ clock, shared: authority === 'kv' });
    this.authority =
      authority === 'kv'
        ? kvAuthority({ granularity })
        : createMemoryAuthority({ clock, random, granularity });
    this.database.insert('User', { id: 7, name: 'Ada' });
    this.database.insert('Post', { id: 1, title: 'one', authorId: 7 });
    this.database.insert('Post', { id: 2, title: 'two', authorId: 7 });
    this.database.insert('Comment', { id: 5, text: 'nice', postId: 1 });
  }

  client(options: Partial<ClientOptions> = {}): Client {
    const { surroundings, database, adapter, authority } = this;
    return new Client({ surroundings, database, adapter, authority, ...options });
  }

  /** Reads until the answer is one that the store keeps, so that what follows starts from a warm cache. */
  async warm(client: Client, id = 1): Promise<void> {
    await client.post(id);
    await client.engine.settled();
    // Past the margin that clocks may differ by.
    await this.surroundings.advance(10_000);
  }
}
