/**
 * Classes that stock plugins register without an endpoint name, so that their lower-cased class name is the
 * endpoint, by the group that shares it. Source: wazo-calld, plugins' add_resource calls (2019 to 2024); the
 * first three are the same in every HTTP service.
 */
const EVERYWHERE = 'StatusResource ConfigResource SwaggerResource';

const CALLD =
  'CallResource CallsResource CallMuteStartResource CallMuteStopResource CallDtmfResource CallHoldResource ' +
  'CallUnholdResource CallAnswerResource ConnectCallToUserResource MyCallResource MyCallsResource ' +
  'MyCallMuteStartResource MyCallMuteStopResource MyCallDtmfResource MyCallHoldResource MyCallUnholdResource ' +
  'MyCallAnswerResource ApplicationItem ApplicationCallList ApplicationCallItem ApplicationNodeList ' +
  'ApplicationNodeItem ApplicationPlaybackItem ApplicationSnoopList ApplicationSnoopItem VoicemailResource ' +
  'VoicemailFolderResource VoicemailGreetingResource VoicemailGreetingCopyResource VoicemailMessageResource ' +
  'VoicemailRecordingResource UserVoicemailResource UserVoicemailFolderResource UserVoicemailGreetingResource ' +
  'UserVoicemailGreetingCopyResource UserVoicemailMessageResource UserVoicemailRecordingResource ' +
  'SwitchboardCallsQueuedResource SwitchboardCallQueuedAnswerResource SwitchboardCallsHeldResource ' +
  'SwitchboardCallHeldResource SwitchboardCallHeldAnswerResource TransfersResource TransferResource ' +
  'TransferCompleteResource UserTransfersResource UserTransferResource UserTransferCompleteResource';

const BY_GROUP: Readonly<Record<string, string>> = { 'wazo_calld.plugins': CALLD };

/** Lower-cased endpoint names that the stock plugins of a group's service have. */
export function stockEndpoints(group: string): ReadonlySet<string> {
  const names = `${EVERYWHERE} ${BY_GROUP[group] ?? ''}`.toLowerCase().split(' ');
  return new Set(names.filter((name) => name !== ''));
}
