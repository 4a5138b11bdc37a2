import { PluginGenerator } from '../plugin-generator.ts';

/** `yo wazo-plugin:call-logger` */
export default class extends PluginGenerator {
  constructor(...[args, options]: ConstructorParameters<typeof PluginGenerator>) {
    super(args, options, 'call-logger');
  }
}
