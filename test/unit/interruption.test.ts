import { expect, it, onTestFinished, vi } from 'vitest';
import { interruption } from '../../src/cli/interruption.ts';

it('takes the signals that timeout sends at once for one, and does not wait at a later one', () => {
  const before = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    (name) => [name, process.listeners(name)] as const,
  );
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  onTestFinished(() => {
    vi.useRealTimers();
    exit.mockRestore();
    for (const [name, listeners] of before)
      for (const one of process.listeners(name)) if (!listeners.includes(one)) process.off(name, one);
  });
  const { signal } = interruption();
  process.emit('SIGTERM');
  expect(signal.aborted).toBe(true);
  vi.advanceTimersByTime(20);
  process.emit('SIGTERM');
  process.emit('SIGHUP');
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledWith(130);
});
