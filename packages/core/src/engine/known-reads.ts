import { OpenedEntries } from '../codec/opened-entries.js';
import type { StateKind } from '../isolate-state.js';
import type { EntryKey } from '../key/key.js';
import { createPlanContext, type PlanContext, type PlanOptions } from '../plan/index.js';
import type { PlanLimits } from '../plan/plan.js';
import { Recent } from '../recent.js';
import type { Schema } from '../schema/schema.js';
import type { Scope } from '../scope/scope.js';

/** What the text of a read decides, so that it is found out once and not at each hit. */
export interface KnownRead {
  readonly key: EntryKey;
  /** The part of the dependency set that follows from the arguments. */
  readonly scopes: readonly Scope[];
}

/** What clients that were made alike know of their reads. */
export interface SharedPlans {
  readonly plan: PlanContext;
  readonly reads: Recent<KnownRead>;
}

/** What decides all that `SharedPlans` holds. */
export interface PlanTerms {
  readonly limits: PlanLimits;
  readonly options: PlanOptions | undefined;
  readonly sharedModels: readonly string[];
  /** The text of the key space. */
  readonly space: string;
}

/** Ways in which the clients of an isolate are made: one, as a rule. */
const MAX_TERMS = 8;
/** Of one generation; a read takes some kilobytes. */
const MAX_READS = 500;
/** Characters of opened entries: with their results at most some 16 MB. */
const MAX_OPENED_CHARACTERS = 2_000_000;

/** What the clients of an isolate know of the reads of one store: they are made per request, and ask the same again. */
export class KnownReads {
  readonly #opened = new WeakMap<Schema, OpenedEntries>();
  readonly #plans = new WeakMap<Schema, Recent<SharedPlans>>();

  opened(schema: Schema): OpenedEntries {
    let opened = this.#opened.get(schema);
    if (opened === undefined) {
      opened = new OpenedEntries(MAX_OPENED_CHARACTERS);
      this.#opened.set(schema, opened);
    }
    return opened;
  }

  plans(schema: Schema, terms: PlanTerms): SharedPlans {
    let ofSchema = this.#plans.get(schema);
    if (ofSchema === undefined) {
      ofSchema = new Recent(MAX_TERMS);
      this.#plans.set(schema, ofSchema);
    }
    const text = JSON.stringify(terms);
    let shared = ofSchema.get(text);
    if (shared === undefined) {
      const plan = createPlanContext(schema, terms.limits, terms.options);
      shared = { plan, reads: new Recent(MAX_READS) };
      ofSchema.set(text, shared);
    }
    return shared;
  }
}

export const KNOWN_READS: StateKind<KnownReads> = { make: () => new KnownReads() };
