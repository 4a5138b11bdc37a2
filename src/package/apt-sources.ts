import type { Finding } from '../findings/finding.ts';
import type { StagedFile } from '../stage/tree.ts';

/**
 * Lines of a shipped apt source that apt refuses: from then on every `apt-get update` fails, and with it the
 * updating step of every plugin that has Debian dependencies.
 */
export function aptSourceFindings(files: readonly StagedFile[]): readonly Finding[] {
  return files
    .filter((file) => /^\/etc\/apt\/sources\.list\.d\/[^/]+\.list$/.test(file.path))
    .flatMap((file) =>
      file.bytes
        .toString('utf8')
        .split('\n')
        .flatMap((text, index): readonly Finding[] => {
          if (
            /^\s*(#|$)/.test(text) ||
            /^\s*deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?\w[\w+.-]*:\S+\s+(?:\S*\/\s*|\S+(?:\s+\S+)+\s*)(?:#|$)/.test(
              text,
            )
          )
            return [];
          return [
            {
              code: 'apt-source-malformed',
              level: 'error',
              message: `Invalid apt source line in ${file.path}: apt-get update will fail`,
              file: file.source ?? file.path,
              line: index + 1,
              help: 'Write deb [signed-by=/usr/share/keyrings/NAME.gpg] URL SUITE COMPONENT.',
              source: 'wazo-plugind, updating step',
            },
          ];
        }),
    );
}
