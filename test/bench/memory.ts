import { readFileSync, writeFileSync } from 'node:fs';

/** The memory of a process, now and at most, in megabytes of 2^20 bytes (/proc/PID/status). */
export function residentMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(text)?.[1]) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Counts the peak from now on. Source: Linux, Documentation/filesystems/proc.rst, clear_refs. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
