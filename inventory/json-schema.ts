import { z } from 'zod';
import { inventorySchema } from './schema/inventory.ts';

/** As much of JSON Schema as is read here. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  required?: string[];
}

/**
 * The JSON Schema of steward.yml, from which editors complete it. A policy needs its name alone, since the rest may come from
 * the shipped policy of that name.
 */
export function inventoryJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(inventorySchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const policy = schema.properties?.['policies']?.items;
  if (policy !== undefined) policy.required = ['name'];
  return { title: 'steward.yml', ...schema };
}

/** Lists the keys that the mapping at a path may have; none where anything goes. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let node: JsonSchema | undefined = inventoryJsonSchema();
  for (const part of path) {
    if (typeof part === 'number') node = node?.items;
    else node = node?.properties?.[String(part)] ?? asSchema(node?.additionalProperties);
  }
  return Object.keys(node?.properties ?? {});
}

function asSchema(value: JsonSchema | boolean | undefined): JsonSchema | undefined {
  return typeof value === 'object' ? value : undefined;
}
