/** Seams for tests of Boost itself; no promise of stability. */
export { disableRule, type Rule } from './rules.js';
