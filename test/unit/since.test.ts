import { expect, it } from 'vitest';
import { neededSince } from '../../src/wazo/since.ts';

const needs = (groups: readonly string[], files: Readonly<Record<string, string>>): string | undefined =>
  neededSince(groups, new Map(Object.entries(files)))?.version;

it('knows a group, an installed path, and what Python of a plugin imports', () => {
  expect(needs(['wazo_chatd.connectors'], {})).toBe('26.05');
  expect(needs([], { 'var/lib/wazo-provd/plugins/acme/entry.py': '' })).toBe('24.02');
  const line = 'from wazo_ui.helpers.menu import menu_item, register_flaskview\n';
  expect(needs(['wazo_ui.plugins'], { 'acme/ui/plugin.py': line })).toBe('25.15');
});

it('says nothing of a plugin that does without it', () => {
  const line = 'from wazo_ui.helpers.plugin import create_blueprint\n';
  expect(needs(['wazo_ui.plugins'], { 'acme/ui/plugin.py': line })).toBeUndefined();
  const told = 'from wazo_ui.helpers.menu import register_flaskview\n';
  expect(needs(['wazo_ui.plugins'], { 'README.md': told })).toBeUndefined();
});

it('takes the newest of several', () => {
  const entry = { 'var/lib/wazo-provd/plugins/acme/entry.py': '' };
  expect(needs(['wazo_chatd.connectors', 'wazo_auth.email_notification'], entry)).toBe('26.05');
});
