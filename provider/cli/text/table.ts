// Rows as an aligned table for people. Colour codes have no width. Pure.

/** A cell: its text, and how it is painted once its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Lines of the table; the last column is not filled up. Columns without any text are left out. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  dim: (text: string) => string,
): string[] {
  const isUsed = header.map((_, column) => rows.some((row) => (row[column]?.text ?? "") !== ""));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  const compose = (cells: readonly Cell[]): string =>
    cells
      .flatMap((cell, column) => (isUsed[column] === true ? [fill(cell, widths[column] ?? 0)] : []))
      .join("  ")
      .trimEnd();
  return [compose(header.map((text) => ({ text, paint: dim }))), ...rows.map(compose)];
}

function fill({ text, paint }: Cell, width: number): string {
  const gap = " ".repeat(Math.max(0, width - text.length));
  return `${text === "" || paint === undefined ? text : paint(text)}${gap}`;
}
