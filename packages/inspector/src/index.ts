export { createInspector, type Inspector, type InspectorHooks } from './inspector.js';
export type { InspectorOptions } from './options.js';
