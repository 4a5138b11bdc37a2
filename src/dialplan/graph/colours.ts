/** The colours of the picture by day; a drawing names each by its own value, so that a style can replace it by night. */
export const LIGHT = {
  text: '#2b2a28',
  muted: '#6b665f',
  faint: '#928d84',
  card: '#ffffff',
  head: '#efede7',
  extension: '#f7f6f2',
  border: '#d8d5ce',
  group: '#f9f8f5',
  frame: '#e6e3dc',
  blue: '#3b6ea6',
  violet: '#7658a8',
  green: '#2c744c',
  amber: '#86591a',
  red: '#b24848',
  grey: '#8a857b',
} as const;

export const DARK: Record<keyof typeof LIGHT, string> = {
  text: '#e3e1dc',
  muted: '#9a9da5',
  faint: '#74777f',
  card: '#1f2125',
  head: '#2b2e34',
  extension: '#25282d',
  border: '#3a3d45',
  group: '#191b1e',
  frame: '#2a2d33',
  blue: '#7eb0e8',
  violet: '#b8a0ea',
  green: '#68c491',
  amber: '#dfb06a',
  red: '#e98c8c',
  grey: '#74777f',
};

/** The style of a drawing by night. */
export function nightStyle(): string {
  const names = Object.keys(LIGHT) as (keyof typeof LIGHT)[];
  return names
    .map(
      (name) => `[fill="${LIGHT[name]}"]{fill:${DARK[name]}}[stroke="${LIGHT[name]}"]{stroke:${DARK[name]}}`,
    )
    .join('\n');
}
