export * from '@boost/prisma';
export { BoostError, isBoostError, type BoostErrorCode } from '@boost/core';
