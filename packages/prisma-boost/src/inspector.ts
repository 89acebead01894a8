export {
  createInspector,
  type Inspector,
  type InspectorHooks,
  type InspectorOptions,
} from '@boost/inspector';
