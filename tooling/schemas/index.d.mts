/** Real schemas by name (`trigger-dev`), as their projects wrote them. */
export const schemas: ReadonlyMap<string, string>;
