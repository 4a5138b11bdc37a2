/** A note below what was made; commands in it stand on lines of their own. */
export function noteLines(note: string): readonly string[] {
  const [first = '', ...commands] = note.split('\n');
  if (commands.length === 0) return [`Note: ${first}.`];
  return [`Note: ${first}`, ...commands.map((command) => `  ${command}`)];
}
