/** A tenant's name is encoded without a dot: no tenant's object can have the name of a relay. */
const RELAY = /^(.+)\.relay-\d{1,4}$/;

/** Name of one of the relays beside a primary. */
export function relayName(primary: string, index: number): string {
  return `${primary}.relay-${index}`;
}

/** Undefined for a name that is no relay's. */
export function primaryOf(relay: string): string | undefined {
  return RELAY.exec(relay)?.[1];
}
