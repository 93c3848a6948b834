/** Remembers how a connection was lost, and tells it to those who listen. */
export interface Loss {
  /** Notes the loss. The first reason stays; later ones follow from it. */
  note(reason: string): void;
  hasHappened(): boolean;
  /** Calls the listener once when it happens, or at once where it has happened. Returns what takes the listener off. */
  listen(listener: (reason: string) => void): () => void;
}

/** Makes the memory of one connection. Listeners are taken off one by one, since a connection outlives many commands. */
export function createLoss(): Loss {
  let happened: string | undefined;
  const listeners = new Set<(reason: string) => void>();
  return {
    hasHappened: () => happened !== undefined,
    note(reason) {
      if (happened !== undefined) return;
      happened = reason;
      for (const listener of listeners) listener(reason);
      listeners.clear();
    },
    listen(listener) {
      if (happened === undefined) listeners.add(listener);
      else listener(happened);
      return () => listeners.delete(listener);
    },
  };
}
