import type { Scope } from '@boost/core';
import type { ShownScopes } from './wire.js';

const MAX_SCOPES = 40;
const MAX_CHARACTERS = 120;

export function shownScopes(scopes: readonly Scope[]): ShownScopes {
  const shown = scopes.slice(0, MAX_SCOPES).map(shortened);
  return { shown, more: scopes.length - shown.length };
}

export function shortened(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}
