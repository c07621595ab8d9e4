// The name that was probably meant, for "did you mean". Never guesses across more than a third of the letters.

/** The candidate within a third of the length in edits (at least one), nearest first; undefined where none is near. */
export function nearestName(written: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  const near = candidates
    .map((name) => ({ name, distance: editDistance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return near[0]?.name;
}

/** Edits (insert, delete, replace one letter, swap two neighbours) between two words. */
function editDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) rows.push(nextRow(rows, row, left, right));
  return rows[left.length]?.[right.length] ?? Number.POSITIVE_INFINITY;
}

function nextRow(rows: readonly number[][], row: number, left: string, right: string): number[] {
  const above = rows[row - 1] ?? [];
  const current = [row];
  for (let column = 1; column <= right.length; column++) {
    const cost = left[row - 1] === right[column - 1] ? 0 : 1;
    const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    current.push(
      Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + cost,
        swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      ),
    );
  }
  return current;
}
