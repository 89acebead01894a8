import { NO_FAULTS, type Settings } from './settings.ts';

/** Few rows, of which everyone asks the same, and a KV that tells everyone at once. */
const NARROW: Partial<Settings> = {
  items: 1,
  groups: 1,
  queries: 1,
  maxLagMs: 0,
  coloCacheMs: 0,
  faults: NO_FAULTS,
};

/** Two isolates that know of each other by KV alone. */
const NEIGHBOURS: Partial<Settings> = { ...NARROW, colos: 1, isolatesPerColo: 2, users: 6 };

/** What has to come together for something that hardly ever happens when every setting is drawn by itself. */
export const PLOTS: Readonly<Record<string, Partial<Settings>>> = {
  'two answers of a session overlap, one of them old': {
    ...NARROW,
    granularity: 'row',
    colos: 2,
    isolatesPerColo: 1,
    coalesceMs: 100,
    thinkMs: 50,
    coloCacheMs: 30_000,
    maxLagMs: 60_000,
    faults: { ...NO_FAULTS, slow: 0.3 },
  },
  'a reader comes when a read has long been under way': {
    ...NEIGHBOURS,
    requestsPerUser: 12,
    writes: 0.15,
    coalesceMs: 30_000,
    thinkMs: 1_000,
    faults: { ...NO_FAULTS, slow: 0.3 },
  },
  'a write commits when it has long been given up': {
    ...NEIGHBOURS,
    granularity: 'model',
    writes: 0.05,
    thinkMs: 5_000,
    faults: { ...NO_FAULTS, unknown: 0.3 },
  },
  'an epoch is damaged that is newer than an own one': {
    ...NEIGHBOURS,
    granularity: 'model',
    isTwoTier: false,
    requestsPerUser: 12,
    skewMs: 0,
    thinkMs: 5_000,
    ttlSeconds: 86_400,
    writes: 0.3,
    faults: { ...NO_FAULTS, kvTorn: 0.3 },
  },
  'nothing but time ends an entry': {
    ...NARROW,
    colos: 2,
    isolatesPerColo: 1,
    users: 3,
    requestsPerUser: 8,
    isTwoTier: true,
    maxLagMs: 400_000,
    swrSeconds: 0,
    thinkMs: 60_000,
    ttlSeconds: 60,
    writes: 0.15,
    faults: { ...NO_FAULTS, kvLost: 0.3 },
  },
  'the cache of the data centre is near, and nothing goes wrong': {
    ...NEIGHBOURS,
    isTwoTier: true,
    thinkMs: 1_000,
    ttlSeconds: 86_400,
  },
};
