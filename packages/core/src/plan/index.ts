export { createPlanContext, type PlanContext, type PlanOptions } from './context.js';
export { previewWrite } from './preview.js';
export { rowsScopes } from './rows-scopes.js';
export { planRead } from './read.js';
export { planWrite } from './write.js';
