import type {
  FieldDefault,
  ReferentialAction,
  ScalarField,
  ScalarType,
  UniqueKey,
} from './schema.js';

/**
 * One model as text, and back. Four parts divided by `|`, items by a blank; names that are not plain words are percent-encoded.
 *
 * ```
 * model@table           kind (m, v, j), table and database schema where they differ from the model's name
 * id:I+ title:S         scalar fields: type letter, then marks
 * #id email=email       keys: `#` marks the identifier; compound ones are `name=a,b`
 * author>User.posts(authorId=id)LC
 * ```
 *
 * Marks of a field: `[]` list, `?` nullable, `^` updatedAt, `!` not selectable, `@column`, `~native`, `+` generated default,
 * `=default` (JSON). A relation is written where the key is (`>`), with its actions (onDelete, onUpdate); the other side only
 * points back (`<Target.field`), with `[]` where it is a list; `*Target.field:table:A` is an implicit many-to-many relation,
 * with the column that refers to this model. The last part holds the tracked keys that are neither foreign nor unique (`+a,b`)
 * and those the user removed (`-a`).
 */
export interface ModelText {
  readonly kind: 'model' | 'view' | 'join';
  readonly dbName?: string;
  readonly dbSchema?: string;
  readonly fields: readonly ScalarField[];
  readonly identifier?: UniqueKey;
  readonly uniques: readonly UniqueKey[];
  readonly relations: readonly RelationText[];
  readonly track: readonly (readonly string[])[];
  readonly untrack: readonly (readonly string[])[];
}

export type RelationText =
  | {
      readonly side: 'key';
      readonly name: string;
      readonly relationName: string;
      readonly target: string;
      /** Empty where the target's side is not visible to the client. */
      readonly inverse: string;
      readonly nullable: boolean;
      readonly fields: readonly string[];
      readonly references: readonly string[];
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
    }
  | {
      readonly side: 'inverse';
      readonly name: string;
      readonly target: string;
      readonly inverse: string;
      readonly list: boolean;
    }
  | {
      readonly side: 'join';
      readonly name: string;
      readonly target: string;
      readonly inverse: string;
      readonly table: string;
      readonly own: 'A' | 'B';
    };

const TYPES: Readonly<Record<string, ScalarType>> = {
  S: 'String',
  B: 'Boolean',
  I: 'Int',
  L: 'BigInt',
  F: 'Float',
  D: 'Decimal',
  T: 'DateTime',
  J: 'Json',
  Y: 'Bytes',
  E: 'Enum',
  U: 'Unsupported',
};
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  C: 'Cascade',
  R: 'Restrict',
  N: 'NoAction',
  L: 'SetNull',
  D: 'SetDefault',
};
const KINDS = { m: 'model', v: 'view', j: 'join' } as const;

function letterOf<Value>(letters: Readonly<Record<string, Value>>, value: Value): string {
  for (const [letter, candidate] of Object.entries(letters)) if (candidate === value) return letter;
  throw new TypeError(`no letter for ${String(value)}`);
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~.]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
const decode = decodeURIComponent;

export function formatModelText(model: ModelText): string {
  const table = [model.dbName, model.dbSchema].map((name) =>
    name === undefined ? '' : `@${encode(name)}`,
  );
  const [name = '', schema = ''] = table;
  const keys = model.uniques.map((key) => formatKey(key, key.name === model.identifier?.name));
  const extra = [
    ...model.track.map((key) => `+${key.join()}`),
    ...model.untrack.map((key) => `-${key.join()}`),
  ];
  return [
    letterOf(KINDS, model.kind) + (schema === '' ? name : `${name || '@'}${schema}`),
    model.fields.map(formatField).join(' '),
    keys.join(' '),
    model.relations.map(formatRelation).join(' '),
    extra.join(' '),
  ].join('|');
}

function formatKey({ name, fields }: UniqueKey, identifier: boolean): string {
  const plain = fields.length === 1 && fields[0] === name;
  return (identifier ? '#' : '') + (plain ? name : `${name}=${fields.join()}`);
}

function formatField(field: ScalarField): string {
  let text = `${field.name}:${letterOf(TYPES, field.type)}`;
  if (field.enumName !== undefined) text += field.enumName;
  if (field.list) text += '[]';
  if (field.nullable) text += '?';
  if (field.updatedAt) text += '^';
  if (!field.selectable) text += '!';
  if (field.dbName !== field.name) text += `@${encode(field.dbName)}`;
  if (field.nativeType !== undefined) text += `~${encode(field.nativeType)}`;
  if (field.default.kind === 'generated') text += '+';
  if (field.default.kind === 'static') text += `=${encode(JSON.stringify(field.default.value))}`;
  return text;
}

function formatRelation(relation: RelationText): string {
  const to = `${relation.target}.${relation.inverse}`;
  switch (relation.side) {
    case 'key': {
      const pairs = relation.fields.map(
        (field, index) => `${field}=${String(relation.references[index])}`,
      );
      const actions = letterOf(ACTIONS, relation.onDelete) + letterOf(ACTIONS, relation.onUpdate);
      const named = relation.relationName === '' ? '' : `:${encode(relation.relationName)}`;
      return `${relation.name}>${to}(${pairs.join()})${actions}${relation.nullable ? '?' : ''}${named}`;
    }
    case 'inverse':
      return `${relation.name}<${to}${relation.list ? '[]' : ''}`;
    case 'join':
      return `${relation.name}*${to}:${encode(relation.table)}:${relation.own}`;
  }
}

const FIELD =
  /^(\w+):([SBILFDTJYEU])(\w*)(\[\])?(\?)?(\^)?(!)?(?:@([^~+=]*))?(?:~([^+=]*))?(?:(\+)|=(.*))?$/;
const KEY_SIDE = /^(\w+)>(\w+)\.(\w*)\(([\w=,]*)\)([CRNLD])([CRNLD])(\?)?(?::(.*))?$/;
const INVERSE_SIDE = /^(\w+)<(\w+)\.(\w+)(\[\])?$/;
const JOIN_SIDE = /^(\w+)\*(\w+)\.(\w+):([^:]*):([AB])$/;

/** @throws TypeError on a text that is not of this format */
export function parseModelText(text: string): ModelText {
  const [head = '', fields = '', keys = '', relations = '', extra = ''] = text.split('|');
  const kind = KINDS[head[0] as keyof typeof KINDS];
  if (kind === undefined) throw new TypeError(`unknown kind of model in "${head}"`);
  const [, dbName, dbSchema] = head.split('@');
  const uniques = words(keys).map(parseKey);
  const identifier = uniques[words(keys).findIndex((key) => key.startsWith('#'))];
  const tracked = (sign: string): string[][] =>
    words(extra)
      .filter((word) => word.startsWith(sign))
      .map((word) => word.slice(1).split(','));
  return {
    kind,
    ...(dbName ? { dbName: decode(dbName) } : {}),
    ...(dbSchema ? { dbSchema: decode(dbSchema) } : {}),
    fields: words(fields).map(parseField),
    ...(identifier === undefined ? {} : { identifier }),
    uniques,
    relations: words(relations).map(parseRelation),
    track: tracked('+'),
    untrack: tracked('-'),
  };
}

function words(part: string): string[] {
  return part === '' ? [] : part.split(' ');
}

function parseKey(text: string): UniqueKey {
  const [name = '', fields = name] = text.replace(/^#/, '').split('=');
  return { name, fields: fields.split(',') };
}

function parseField(text: string): ScalarField {
  const match = FIELD.exec(text);
  if (match === null) throw new TypeError(`"${text}" is no field`);
  const [
    ,
    name = '',
    letter = '',
    enumName,
    list,
    nullable,
    updatedAt,
    hidden,
    column,
    native,
    generated,
    value,
  ] = match;
  const byDefault: FieldDefault =
    generated !== undefined
      ? { kind: 'generated' }
      : value !== undefined
        ? { kind: 'static', value: JSON.parse(decode(value)) as unknown }
        : { kind: 'none' };
  return {
    kind: 'scalar',
    name,
    dbName: column === undefined ? name : decode(column),
    type: TYPES[letter] as ScalarType,
    ...(enumName ? { enumName } : {}),
    list: list !== undefined,
    nullable: nullable !== undefined,
    updatedAt: updatedAt !== undefined,
    default: byDefault,
    ...(native === undefined ? {} : { nativeType: decode(native) }),
    selectable: hidden === undefined,
  };
}

function parseRelation(text: string): RelationText {
  const key = KEY_SIDE.exec(text);
  if (key !== null) {
    const [
      ,
      name = '',
      target = '',
      inverse = '',
      pairs = '',
      onDelete = '',
      onUpdate = '',
      nullable,
      relationName = '',
    ] = key;
    const split = pairs.split(',').map((pair) => pair.split('='));
    return {
      side: 'key',
      name,
      relationName: decode(relationName),
      target,
      inverse,
      nullable: nullable !== undefined,
      fields: split.map(([field = '']) => field),
      references: split.map(([, reference = '']) => reference),
      onDelete: ACTIONS[onDelete] as ReferentialAction,
      onUpdate: ACTIONS[onUpdate] as ReferentialAction,
    };
  }
  const inverse = INVERSE_SIDE.exec(text);
  if (inverse !== null) {
    const [, name = '', target = '', back = '', list] = inverse;
    return { side: 'inverse', name, target, inverse: back, list: list !== undefined };
  }
  const join = JOIN_SIDE.exec(text);
  if (join === null) throw new TypeError(`"${text}" is no relation`);
  const [, name = '', target = '', back = '', table = '', own] = join;
  return {
    side: 'join',
    name,
    target,
    inverse: back,
    table: decode(table),
    own: own === 'A' ? 'A' : 'B',
  };
}
