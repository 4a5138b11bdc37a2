import type { Rule } from './rule.ts';
import { MANIFEST_FIELD_RULES } from './rules/manifest-fields.ts';
import { MANIFEST_LIST_RULES } from './rules/manifest-lists.ts';
import { MANIFEST_VERSION_RULES } from './rules/manifest-versions.ts';
import { RULES_INSTALL_RULES } from './rules/rules-install.ts';
import { RULES_PACKAGE_RULES } from './rules/rules-package.ts';
import { RULES_REMOVAL_RULES } from './rules/rules-removal.ts';
import { RULES_SERVICE_RULES } from './rules/rules-services.ts';
import { RULES_STEP_RULES } from './rules/rules-steps.ts';
import { CONFD_RULES } from './rules/confd.ts';
import { DIALPLAN_RULES } from './rules/dialplan.ts';
import { FILE_RULES } from './rules/files.ts';
import { PLUGINS_RULES } from './rules/plugins.ts';
import { PYTHON_API_RULES } from './rules/python-api.ts';
import { PYTHON_CODE_RULES } from './rules/python-code.ts';
import { PYTHON_CONTRACT_RULES } from './rules/python-contracts.ts';
import { PYTHON_PACKAGING_RULES } from './rules/python-packaging.ts';
import { RULES_FILE_RULES } from './rules/rules-file.ts';

/** Every rule of `wdev check`, in the order in which `--rules` lists them. */
export const CATALOGUE: readonly Rule[] = [
  ...MANIFEST_FIELD_RULES,
  ...MANIFEST_VERSION_RULES,
  ...MANIFEST_LIST_RULES,
  ...RULES_FILE_RULES,
  ...RULES_STEP_RULES,
  ...RULES_PACKAGE_RULES,
  ...RULES_INSTALL_RULES,
  ...RULES_SERVICE_RULES,
  ...RULES_REMOVAL_RULES,
  ...PYTHON_PACKAGING_RULES,
  ...PYTHON_CODE_RULES,
  ...PYTHON_CONTRACT_RULES,
  ...PYTHON_API_RULES,
  ...CONFD_RULES,
  ...FILE_RULES,
  ...DIALPLAN_RULES,
  ...PLUGINS_RULES,
];

const BY_CODE = new Map(CATALOGUE.map((rule) => [rule.code, rule]));

export function ruleOf(code: string): Rule | undefined {
  return BY_CODE.get(code);
}
