export { config as default } from '@boost-tooling/eslint';
