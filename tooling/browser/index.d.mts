import type { Browser } from 'playwright-core';

export type { Browser, Page } from 'playwright-core';

/**
 * Starts Chromium, without a window; installs it first if it is not there yet.
 *
 * `BOOST_CHROMIUM`, the path of a Chromium or Chrome, takes the place of the one that is installed.
 */
export function startBrowser(): Promise<Browser>;

/**
 * Whether there is a Chromium that starts on this machine; installs it if it is not there yet. Without one there is nothing to look
 * with: that is said, with the reason, and is no failure of the page.
 */
export function hasBrowser(): Promise<boolean>;
