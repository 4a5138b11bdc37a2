/**
 * Asterisk does not reset its line counter between the files of one glob: the line that it reports (in its log and
 * in `dialplan show`) is the true one plus, for every earlier file of that glob, its newlines and one.
 * @param asteriskLine the reported line
 * @param newlineCountsOfEarlierFilesInTheGlob newlines of each file that the same `#include` brought before
 * @returns the 1-based line in the file itself
 */
export function trueLine(
  asteriskLine: number,
  newlineCountsOfEarlierFilesInTheGlob: readonly number[],
): number {
  return newlineCountsOfEarlierFilesInTheGlob.reduce((line, count) => line - count - 1, asteriskLine);
}
