const LONGEST = 50;

/** Makes ids for steward.yml out of names that others chose: no id is given twice, and none that is `taken`. */
export function createUniqueIds(taken: Iterable<string>) {
  const given = new Set(taken);

  /** The id for a name; `fallback` where nothing of it can stand in one. */
  return (name: string, fallback: string): string => {
    const plain = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, LONGEST)
      .replace(/^-+|-+$/g, '');
    const base = plain === '' ? fallback : plain;
    let id = base;
    for (let number = 2; given.has(id); number += 1) id = `${base}-${number}`;
    given.add(id);
    return id;
  };
}

/** See createUniqueIds. */
export type UniqueIds = ReturnType<typeof createUniqueIds>;
