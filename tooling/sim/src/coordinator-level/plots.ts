import { SCALED_DEADLINE_MS } from '../variants.ts';
import { NO_FAULTS, type Settings } from './settings.ts';

/** One row of which everyone asks the same, no tenants, clocks that agree, and a KV that tells everyone at once. */
const CALM: Partial<Settings> = {
  items: 1,
  groups: 1,
  queries: 1,
  tenants: 0,
  users: 5,
  requestsPerUser: 8,
  colos: 2,
  isolatesPerColo: 1,
  writes: 0.25,
  thinkMs: 1_000,
  maxLagMs: 0,
  coloCacheMs: 0,
  skewMs: 0,
  ttlSeconds: 86_400,
  isFrozen: false,
  isTwoTier: false,
  isMixed: false,
  isCold: false,
  isLimited: true,
  usesStrong: true,
  allowUnfenced: undefined,
  faults: NO_FAULTS,
};

const STRONG: Partial<Settings> = { consistency: { strong: 1, session: 0, eventual: 0 } };
const SESSION: Partial<Settings> = { consistency: { strong: 0, session: 1, eventual: 0 } };

/** Sessions that go from one data centre to the other, which tells them what was. */
const WANDERING: Partial<Settings> = {
  ...CALM,
  ...SESSION,
  maxStalenessMs: 5_000,
  users: 6,
  requestsPerUser: 12,
  writes: 0.1,
  coloCacheMs: 30_000,
  maxLagMs: 2_000,
};

/** What has to come together for something that hardly ever happens when every setting is drawn by itself. */
export const PLOTS: Readonly<Record<string, Partial<Settings>>> = {
  'an object without SQLite goes on answering when another has taken its place': {
    ...CALM,
    ...STRONG,
    hasSql: false,
    isolatesPerColo: 2,
    thinkMs: 50,
    faults: { ...NO_FAULTS, superseded: 0.3 },
  },
  'readers come while a call is on its slow way': {
    ...CALM,
    ...STRONG,
    variant: 'current',
    deadlineMs: 30_000,
    rpcTimeoutMs: 2_000,
    thinkMs: 50,
    faults: { ...NO_FAULTS, rpcSlow: 0.3 },
  },
  'tenants and who has none ask the same, of which the copy has forgotten': {
    ...CALM,
    ...SESSION,
    variant: 'scaledDown',
    deadlineMs: SCALED_DEADLINE_MS,
    rpcTimeoutMs: 300,
    maxStalenessMs: 0,
    colos: 1,
    users: 8,
    requestsPerUser: 12,
    queries: 100,
    tenants: 2,
    isShared: false,
  },
  'tenants write what all of them see': {
    ...CALM,
    ...SESSION,
    maxStalenessMs: 0,
    colos: 1,
    isolatesPerColo: 2,
    queries: 100,
    tenants: 2,
    isShared: true,
  },
  'writes go on that nobody was told of': {
    ...CALM,
    ...STRONG,
    allowUnfenced: true,
    faults: { ...NO_FAULTS, rpcLost: 0.3 },
  },
  'sessions go from one data centre to the other': WANDERING,
  'a response is sent before what it shows has a number': {
    ...WANDERING,
    thinkMs: 50,
    faults: { ...NO_FAULTS, rpcSlow: 0.3 },
  },
  'an answer of an object arrives when it has lost its memory since': {
    ...CALM,
    ...SESSION,
    variant: 'scaledDown',
    deadlineMs: SCALED_DEADLINE_MS,
    rpcTimeoutMs: 4_000,
    maxStalenessMs: 30_000,
    colos: 1,
    users: 12,
    thinkMs: 4_000,
    writes: 0.15,
    faults: { ...NO_FAULTS, rpcSlow: 0.4, dataLoss: 0.05 },
  },
  'two versions write the same entries': {
    ...CALM,
    ...SESSION,
    isMixed: true,
    maxStalenessMs: 0,
    colos: 1,
    isolatesPerColo: 2,
  },
  'transactions write several rows, slowly': {
    ...CALM,
    ...STRONG,
    transactions: 'interactive',
    items: 2,
    queries: 100,
    faults: { ...NO_FAULTS, slow: 0.3 },
  },
  'nobody knows whether a transaction was done': {
    ...CALM,
    ...STRONG,
    transactions: 'interactive',
    faults: { ...NO_FAULTS, unknown: 0.3, slow: 0.15 },
  },
  'an object loses its memory while writes are under way': {
    ...CALM,
    ...STRONG,
    faults: { ...NO_FAULTS, unknown: 0.15, slow: 0.3, dataLoss: 0.15 },
  },
};
