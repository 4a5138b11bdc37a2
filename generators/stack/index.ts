import { PluginGenerator } from '../plugin-generator.ts';

/** `yo wazo-plugin:stack` */
export default class extends PluginGenerator {
  constructor(...[args, options]: ConstructorParameters<typeof PluginGenerator>) {
    super(args, options, 'stack');
  }
}
