// One thing at a time is done about a move: its verbs in the order in which they came, and what this host does by itself.

const turns = new Map<string, Promise<unknown>>();

/** Acts once everything earlier about the move has ended, well or not. */
export function takeMoveTurn<T>(moveId: string, act: () => Promise<T>): Promise<T> {
  const before = turns.get(moveId) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(act); // an earlier failure was told to its own caller
  turns.set(moveId, turn);
  return turn.finally(() => {
    if (turns.get(moveId) === turn) turns.delete(moveId);
  });
}
