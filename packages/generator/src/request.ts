/** One request of Prisma's generator protocol. */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/**
 * What the query schema lies between in the request to generate. A quote within a JSON string is escaped, so neither can be part
 * of a string.
 */
const BEFORE = ',"schema":{';
const AFTER = '},"mappings":{';

/**
 * Reads a request without `dmmf.schema`, which nothing here needs: of the 22 MB that a schema with 80 models makes it is all but
 * half a megabyte. Requests of another shape are read in whole.
 *
 * @throws SyntaxError where the line is no JSON
 */
export function parseRequest(line: Buffer): Request {
  return parseWithoutSchema(line) ?? (JSON.parse(line.toString()) as Request);
}

function parseWithoutSchema(line: Buffer): Request | undefined {
  const start = line.indexOf(BEFORE);
  const end = line.indexOf(AFTER, start);
  if (start < 0 || end < 0) return undefined;
  if (line.includes(BEFORE, start + 1) || line.includes(AFTER, end + 1)) return undefined;
  let request: Request;
  try {
    request = JSON.parse(
      line.toString('utf8', 0, start) + line.toString('utf8', end + 1),
    ) as Request;
  } catch {
    // Another object than the DMMF has a "schema": it was cut out of something else's middle.
    return undefined;
  }
  return isWhole(request) ? request : undefined;
}

/** Whether what was cut out was all of `dmmf.schema` and nothing else. */
function isWhole({ params }: Request): boolean {
  const { dmmf } = params as { readonly dmmf?: Readonly<Record<string, unknown>> };
  return dmmf !== undefined && Object.keys(dmmf).join() === 'datamodel,mappings';
}
