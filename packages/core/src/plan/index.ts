export { createPlanContext, type PlanContext, type PlanOptions } from './context.js';
export { planRead } from './read.js';
export { planWrite } from './write.js';
