import type { Policy } from '../../inventory/schema/policy.ts';

/**
 * Makes a function of a policy that is worked out once for each: a policy never changes, since a steward.yml that is read again has others, and each is
 * held against every alert.
 */
export function oncePerPolicy<Value>(workOut: (policy: Policy) => Value): (policy: Policy) => Value {
  const known = new WeakMap<Policy, { readonly value: Value }>();
  return (policy) => {
    const entry = known.get(policy) ?? { value: workOut(policy) };
    known.set(policy, entry);
    return entry.value;
  };
}
