/** Whether a script is run by Debian's sh, or by dash by name. */
export function isForDash(text: string): boolean {
  return /^#!\s*\S*\/(?:env\s+)?(?:sh|dash)\b/.test(text);
}
