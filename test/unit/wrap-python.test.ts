/** The form that black 26.10.1 gave statements with a long name (--skip-string-normalization --target-version py311). */

import { describe, expect, it } from 'vitest';
import { wrapPython } from '../../src/templates/wrap-python.ts';

const LONG = 'demo_call_center_reports_by_day_and_by_month1';

const BY_BLACK: readonly (readonly [string, string])[] = [
  [
    `settings = dependencies['config'].get('${LONG}', {})`,
    `settings = dependencies['config'].get(
    '${LONG}', {}
)`,
  ],
  [
    `self._settings = dependencies['config'].get('${LONG}') or {} or fallback`,
    `self._settings = (
    dependencies['config'].get('${LONG}')
    or {}
    or fallback
)`,
  ],
  [
    `@required_acl('dird.backends.${LONG}.sources.{source_uuid}.delete')
def get() -> None:
    pass`,
    `@required_acl(
    'dird.backends.${LONG}.sources.{source_uuid}.delete'
)
def get() -> None:
    pass`,
  ],
  [
    `def ${LONG}_lookup(agi: Any, cursor: Any, args: list[str]) -> None:
    pass`,
    `def ${LONG}_lookup(
    agi: Any, cursor: Any, args: list[str]
) -> None:
    pass`,
  ],
  [
    `def ${LONG}_lookup_of_all_numbers(agis: dict[str, Any]) -> None:
    pass`,
    `def ${LONG}_lookup_of_all_numbers(
    agis: dict[str, Any],
) -> None:
    pass`,
  ],
  [
    `from ${LONG}.webhookd_service.plugin import Service, message`,
    `from ${LONG}.webhookd_service.plugin import (
    Service,
    message,
)`,
  ],
  [
    `status['${LONG}']['status'] = Status.ok if self._reached else Status.fail`,
    `status['${LONG}']['status'] = (
    Status.ok if self._reached else Status.fail
)`,
  ],
  [
    `assert [handler.__name__ for handler in registered] == ['${LONG}', 'another one']`,
    `assert [handler.__name__ for handler in registered] == [
    '${LONG}',
    'another one',
]`,
  ],
  [
    `assert told == {'${LONG}_groups': ['sales', 'support', 'wazo-all-users']}`,
    `assert told == {
    '${LONG}_groups': [
        'sales',
        'support',
        'wazo-all-users',
    ]
}`,
  ],
  [
    `assert '${LONG}_backend_of_ours' in entry_points['wazo_dird.views']`,
    `assert (
    '${LONG}_backend_of_ours'
    in entry_points['wazo_dird.views']
)`,
  ],
  [
    `return module.${LONG}(port='/dev/null', rate=9600, day_first=True)`,
    `return module.${LONG}(
    port='/dev/null', rate=9600, day_first=True
)`,
  ],
  [
    `FOLDER = ROOT / 'etc' / 'wazo-confgend' / 'conf.d' / '50-${LONG}.yml'`,
    `FOLDER = (
    ROOT
    / 'etc'
    / 'wazo-confgend'
    / 'conf.d'
    / '50-${LONG}.yml'
)`,
  ],
  [
    `@pytest.mark.parametrize('settings', [{}, {'${LONG}': {}}])
def test() -> None:
    pass`,
    `@pytest.mark.parametrize(
    'settings', [{}, {'${LONG}': {}}]
)
def test() -> None:
    pass`,
  ],
  [
    `own = settings['${LONG}_export'] | {'folder': str(tmp_path)}`,
    `own = settings['${LONG}_export'] | {
    'folder': str(tmp_path)
}`,
  ],
  [
    `section = text.split('[${LONG}-closed]\\n')[1].split('\\n\\n')[0]`,
    `section = text.split('[${LONG}-closed]\\n')[
    1
].split('\\n\\n')[0]`,
  ],
  [
    `resource_class_args = [one, dependencies['services']['${LONG}'], not two]`,
    `resource_class_args = [
    one,
    dependencies['services']['${LONG}'],
    not two,
]`,
  ],
  [
    `if settings['${LONG}'].is_set() and not settings['${LONG}'].is_empty():
    pass`,
    `if (
    settings['${LONG}'].is_set()
    and not settings['${LONG}'].is_empty()
):
    pass`,
  ],
  [
    `with pytest.raises(ValidationError, match='${LONG} is not there'):
    pass`,
    `with pytest.raises(
    ValidationError, match='${LONG} is not there'
):
    pass`,
  ],
  [
    `labels = {name: value for name, value in settings['${LONG}'].items() if value}`,
    `labels = {
    name: value
    for name, value in settings['${LONG}'].items()
    if value
}`,
  ],
  [
    `first, second = read('/etc/asterisk/extensions_extra.d/${LONG}.conf')`,
    `first, second = read(
    '/etc/asterisk/extensions_extra.d/${LONG}.conf'
)`,
  ],
  [
    `class ${LONG}WithALongerName(BaseBackendView, AnotherBase):
    pass`,
    `class ${LONG}WithALongerName(
    BaseBackendView, AnotherBase
):
    pass`,
  ],
  [
    `print(f'${LONG}: {error} and some more', file=sys.stderr)`,
    `print(
    f'${LONG}: {error} and some more',
    file=sys.stderr,
)`,
  ],
  [
    `run(lambda one, two: one + two, settings['${LONG}'], -1, *rest, **more)`,
    `run(
    lambda one, two: one + two,
    settings['${LONG}'],
    -1,
    *rest,
    **more,
)`,
  ],
  [
    `value = one.read('${LONG}').parse(first, second).result('${LONG}')`,
    `value = (
    one.read('${LONG}')
    .parse(first, second)
    .result('${LONG}')
)`,
  ],
];

describe('a statement that a long name makes wider than 88 columns', () => {
  it.each(BY_BLACK)('is broken as black breaks it: %s', (before, after) => {
    expect(wrapPython('', `${before}\n`)).toBe(`${after}\n`);
    // what is broken stays
    expect(wrapPython('', `${after}\n`)).toBe(`${after}\n`);
  });

  it('stays as it is where the template has wider ones itself', () => {
    const [[before] = ['']] = BY_BLACK;
    expect(wrapPython(before, before)).toBe(before);
  });

  it('stays as it is with a comment, a text of several lines, or another indentation', () => {
    const wide = `settings = dependencies['config'].get('${LONG}', {})`;
    const texts = [
      `${wide}  # why`,
      `(\n    # why\n    ${wide.replace('=', '==')}\n)`,
      `read("""one\n""", dependencies['config'].get('${LONG}', 'another default'))`,
      `  ${wide}`,
    ];
    for (const text of texts) expect(wrapPython('', text)).toBe(text);
  });

  it('marks a string for flake8 that no break makes fit', () => {
    const acl = `dird.backends.${LONG}.sources.{source_uuid}.a_name_of_its_own.delete`;
    const text = `@required_acl('${acl}')\ndef get() -> None:\n    pass\n`;
    expect(wrapPython('', text)).toContain(`(\n    '${acl}'  # noqa: E501\n)\n`);
  });
});
