export async function applyFixes(judged: unknown): Promise<string> {
  void judged;
  return await Promise.resolve('');
}
