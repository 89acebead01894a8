import { BoostError } from '../error.js';

/** An option is not what it can be: says which, what was given, and what to give. */
export function optionError(option: string, value: unknown, fix: string): BoostError {
  const isShown = ['string', 'number', 'boolean'].includes(typeof value);
  const shown = isShown ? JSON.stringify(value) : typeof value;
  return new BoostError('BOOST_OPTION_INVALID', `The option ${option} is ${shown}: ${fix}`, {
    details: { option },
  });
}

/** @throws BoostError `BOOST_OPTION_INVALID` where `value` is none of those allowed */
export function checkOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value === 'string' && allowed.includes(value)) return;
  throw optionError(option, value, `give one of ${allowed.join(', ')}`);
}
