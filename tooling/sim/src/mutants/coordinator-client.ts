import type { Checker } from '../checkers.ts';
import type { Mutant } from './mutant.ts';

const CLIENT = 'packages/coordinator/src/client';
const AUTHORITY = `${CLIENT}/coordinator-authority.ts`;
const VIEW = `${CLIENT}/coordinator-view.ts`;
const FENCE = `${CLIENT}/fence.ts`;
const GROUP_SYNC = `${CLIENT}/group-sync.ts`;
const SESSION = `${CLIENT}/session.ts`;
const STAMP = `${CLIENT}/stamp.ts`;
const ROUTING = 'packages/core/src/epoch/space.ts';

const ANYONE: readonly Checker[] = ['strong', 'linearizable', 'propagation', 'monotonic'];
const OTHERS: readonly Checker[] = [...ANYONE, 'own-writes', 'ticket-writes', 'isolate-writes'];
const SESSIONS: readonly Checker[] = ['monotonic', 'own-writes', 'ticket-writes'];

/** Rules of the coordinator's client. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    name: 'a write is announced before the database is touched',
    level: 'coordinator',
    patches: [
      {
        file: FENCE,
        find: 'await Promise.all([...this.#hashes([...this.#announced])].map(announce));',
        replace:
          'void announce; for (const name of this.#hashes([...this.#announced]).keys()) told.add(name);',
      },
    ],
    breaks: ANYONE,
  },
  {
    name: 'a write that is not announced is acknowledged when its coordinator has been told',
    level: 'coordinator',
    patches: [
      {
        file: FENCE,
        find: "kind === 'commit' && this.#isHeld(name, telling, tick)",
        replace: "kind === 'commit' && tick > 0",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'the isolate knows of the announcement when its write is acknowledged',
    level: 'coordinator',
    patches: [
      {
        file: FENCE,
        find: 'if (!hasReached(this.#reach.isolate.log(name).copy.position, announced.position)) return false;',
        replace: 'void hasReached;',
      },
      {
        file: GROUP_SYNC,
        find: 'if (log.copy.position?.incarnation === delta.incarnation)',
        replace: 'if (log.copy.position === undefined)',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a write that cannot be announced does not happen where anyone reads strong',
    level: 'coordinator',
    patches: [
      {
        file: FENCE,
        find: 'if (!this.#reach.isStrict) {',
        replace: 'if (this.#reach.now() > 0) {',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'strong asks the database where writes go on unannounced',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: "return consistency === 'strong' && !this.#reach.isStrict ? 'strong-needs-fences' : undefined;",
        replace: 'void consistency; return undefined;',
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'a strong read asks what is new after it has begun',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: "if (consistency === 'strong') return { afterTick: this.#reach.isolate.tick() };",
        replace: '',
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'the first question of an isolate is no earlier than a strong read either',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: "if (consistency === 'strong') return { afterTick: this.#reach.isolate.tick() };",
        replace:
          "if (consistency === 'strong') return { afterTick: isNew ? syncedTick : this.#reach.isolate.tick() };",
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'who shares a call shares one that begins later',
    level: 'coordinator',
    patches: [
      {
        file: GROUP_SYNC,
        find: 'if (running?.tick !== undefined && running.tick > afterTick) return running;',
        replace: 'void afterTick; if (running?.tick !== undefined) return running;',
      },
      {
        file: GROUP_SYNC,
        find: 'else if (outcome !== null) throw outcome;',
        replace: 'else if (outcome !== null) throw outcome; else return;',
      },
    ],
    breaks: ['strong', 'linearizable'],
  },
  {
    name: 'a call whose request has died is not waited for',
    level: 'coordinator',
    patches: [
      {
        file: GROUP_SYNC,
        find: 'const outcome = await settledWithin(host.ports.timers, patience(host), call.done);',
        replace: 'const outcome = await call.done; void patience;',
      },
    ],
    breaks: ['unanswered'],
  },
  {
    name: 'what an entry is stamped with is captured before the database is read',
    level: 'coordinator',
    patches: [
      {
        file: VIEW,
        find: "if (log.copy.check(captured, own) !== 'valid') return null;\n      parts.push({ name, ...captured,",
        replace: 'parts.push({ name, ...(log.copy.position ?? captured),',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'what was found current is remembered by all that it depends on',
    level: 'coordinator',
    patches: [
      {
        file: VIEW,
        find: "return `${incarnation} ${seq} ${isUp ? 'up' : 'down'} ${text}`;",
        replace: 'void text; void isUp; return `${incarnation} ${seq}`;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'what was found current for tenants is not current for who has none',
    level: 'coordinator',
    patches: [
      { file: VIEW, find: "${isUp ? 'up' : 'down'} ${text}", replace: '${typeof isUp} ${text}' },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a ticket says how far the session has seen',
    level: 'coordinator',
    patches: [
      {
        file: SESSION,
        find: 'const carried = this.#carried.size === 0 ? undefined : this.#carried.get(nameHash(name));',
        replace:
          'const carried = this.#carried.size < 0 ? this.#carried.get(nameHash(name)) : undefined;',
      },
    ],
    breaks: ['monotonic', 'ticket-writes'],
  },
  {
    name: 'a commit raises the ticket',
    level: 'coordinator',
    patches: [
      {
        file: FENCE,
        find: 'asCoordinatorSession(session).raise(name, delta, isolate.tick());',
        replace: 'void session;',
      },
    ],
    breaks: SESSIONS,
  },
  {
    name: 'an answer raises the ticket',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: 'own.raise(name, { incarnation, seq: readBy }, this.#tick());',
        replace: 'void name; void incarnation; void readBy;',
      },
    ],
    breaks: ['monotonic'],
  },
  {
    name: 'after an answer without a number the session asks first',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: 'if (parsed === null) own.saw(this.#names(read), this.#marks.get(times) ?? this.#tick());',
        replace: 'void times;',
      },
      {
        file: AUTHORITY,
        find: 'asCoordinatorSession(access.session).saw(this.#names(access), this.#tick());',
        replace: 'void access;',
      },
    ],
    breaks: ['monotonic'],
  },
  {
    name: 'a copy is not answered from when it is older than allowed',
    level: 'coordinator',
    patches: [
      {
        file: AUTHORITY,
        find: 'let afterTick = isNew || this.#isOld(log) ? syncedTick : undefined;',
        replace: 'let afterTick = isNew ? syncedTick : undefined;',
      },
    ],
    breaks: ['propagation'],
  },
  {
    name: 'the isolate bypasses what its coordinator was not told of',
    level: 'coordinator',
    patches: [
      {
        file: `${CLIENT}/isolate-log.ts`,
        find: 'if (this.owed.size === 0) return false;',
        replace: 'if (this.owed.size >= 0) return false;',
      },
    ],
    breaks: ['isolate-writes', 'own-writes'],
  },
  {
    name: 'an answer of an earlier call, from another life of the object, changes nothing in the copy',
    level: 'coordinator',
    patches: [
      { file: GROUP_SYNC, find: 'if (tick < log.syncedTick) {', replace: 'if (tick < 0) {' },
    ],
    breaks: OTHERS,
  },
  {
    name: "a tenant's write reaches readers without tenant",
    level: 'coordinator',
    patches: [{ file: ROUTING, find: '} else routed.add(UP, coarse(scope));', replace: '}' }],
    breaks: OTHERS,
  },
  {
    name: 'a write without tenant reaches every tenant',
    level: 'coordinator',
    patches: [
      {
        file: ROUTING,
        find: '          routed.add(DOWN, scope);\n          routed.add(UP, scope);',
        replace: '          routed.add(UP, scope);',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: "a tenant's write to a shared model reaches every tenant",
    level: 'coordinator',
    patches: [
      {
        file: ROUTING,
        find: "const reachesAll = typeof tenant !== 'string' || scopes.some((s) => isPublic(s, isShared));\n      for (const scope of scopes) {\n        if (reachesAll) {",
        replace:
          "const reachesAll = typeof tenant !== 'string';\n      for (const scope of scopes) {\n        if (reachesAll) {",
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a stamp of another format proves nothing',
    level: 'coordinator',
    patches: [
      {
        file: STAMP,
        find: "if (format !== FORMAT || typeof text !== 'string') return null;",
        replace: "if (typeof format !== 'string' || typeof text !== 'string') return null;",
      },
      {
        file: VIEW,
        find: 'if (isRequired(scope) && !parsed.hashes.includes(scopeHash(scope))) return STALE;',
        replace: 'void isRequired; void scope;',
      },
    ],
    breaks: OTHERS,
  },
  {
    name: 'a ticket of an answer without a number makes its bearer ask first',
    level: 'coordinator',
    patches: [
      {
        file: SESSION,
        find: 'const wanted = isInCopy ? copied : (position ?? NOWHERE);',
        replace: 'const wanted = isInCopy ? copied : (position ?? copied);',
      },
    ],
    breaks: ['monotonic', 'ticket-writes'],
  },
];
