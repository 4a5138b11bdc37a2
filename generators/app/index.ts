import { PluginGenerator } from '../plugin-generator.ts';

/** `yo wazo-plugin`: asks for the kind first. */
export default class extends PluginGenerator {}
