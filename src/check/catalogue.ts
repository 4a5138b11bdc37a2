import { RULE_ROWS, titleOf, type RuleCode } from '../findings/catalogue.ts';
import type { Rule, RuleCheck } from './rule.ts';
import { MANIFEST_FIELD_CHECKS } from './rules/manifest-fields.ts';
import { MANIFEST_VERSION_CHECKS } from './rules/manifest-versions.ts';
import { MANIFEST_LIST_CHECKS } from './rules/manifest-lists.ts';
import { RULES_FILE_CHECKS } from './rules/rules-file.ts';
import { RULES_STEP_CHECKS } from './rules/rules-steps.ts';
import { RULES_PACKAGE_CHECKS } from './rules/rules-package.ts';
import { RULES_INSTALL_CHECKS } from './rules/rules-install.ts';
import { RULES_SERVICE_CHECKS } from './rules/rules-services.ts';
import { RULES_REMOVAL_CHECKS } from './rules/rules-removal.ts';
import { PYTHON_PACKAGING_CHECKS } from './rules/python-packaging.ts';
import { PYTHON_CODE_CHECKS } from './rules/python-code.ts';
import { PYTHON_IMPORT_CHECKS } from './rules/python-imports.ts';
import { CONFGEND_CHECKS } from './rules/confgend.ts';
import { PYTHON_CONTRACT_CHECKS } from './rules/python-contracts.ts';
import { PYTHON_API_CHECKS } from './rules/python-api.ts';
import { CONFD_CHECKS } from './rules/confd.ts';
import { CLONE_CHECKS } from './rules/clone.ts';
import { FILE_CHECKS } from './rules/files.ts';
import { PLUGINS_CHECKS } from './rules/plugins.ts';
import { ENGINE_CHECKS } from './rules/engine.ts';
import { DEBIAN_CHECKS } from './rules/debian.ts';
import { DIALPLAN_CHECKS } from './rules/dialplan.ts';

/** A row without a check does not compile, nor does a check without a row. */
const CHECKS: Readonly<Record<RuleCode, RuleCheck>> = {
  ...MANIFEST_FIELD_CHECKS,
  ...MANIFEST_VERSION_CHECKS,
  ...MANIFEST_LIST_CHECKS,
  ...RULES_FILE_CHECKS,
  ...RULES_STEP_CHECKS,
  ...RULES_PACKAGE_CHECKS,
  ...RULES_INSTALL_CHECKS,
  ...RULES_SERVICE_CHECKS,
  ...RULES_REMOVAL_CHECKS,
  ...PYTHON_PACKAGING_CHECKS,
  ...PYTHON_CODE_CHECKS,
  ...PYTHON_IMPORT_CHECKS,
  ...CONFGEND_CHECKS,
  ...PYTHON_CONTRACT_CHECKS,
  ...PYTHON_API_CHECKS,
  ...CONFD_CHECKS,
  ...FILE_CHECKS,
  ...CLONE_CHECKS,
  ...PLUGINS_CHECKS,
  ...ENGINE_CHECKS,
  ...DEBIAN_CHECKS,
  ...DIALPLAN_CHECKS,
};

/** Every rule of `wdev check`, in the order in which `--rules` lists them. */
export const CATALOGUE: readonly Rule[] = (Object.keys(CHECKS) as RuleCode[]).map((code) => {
  return { code, ...RULE_ROWS[code], title: titleOf(code), ...CHECKS[code] };
});

const BY_CODE = new Map<string, Rule>(CATALOGUE.map((rule) => [rule.code, rule]));

export function ruleOf(code: string): Rule | undefined {
  return BY_CODE.get(code);
}
