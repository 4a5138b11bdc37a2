/**
 * Applications that a dialplan can call, with their arguments: `Name(first[,second])`.
 * Taken from `core show application NAME` of Asterisk 22.10.1 (Debian sid) with every module loaded, and those of
 * app_voicemail, which Debian ships three times and then loads none of.
 */
export const APPLICATION_SYNTAX: readonly string[] = `
AddQueueMember(queuename[,interface[,penalty[,options[,membername[,stateinterfae[,wrapuptime]]]]]])
ADSIProg([script])
AELSub(routine[,args])
AgentLogin(AgentId[,options])
AgentRequest(AgentId)
AGI(command[,arg1[,arg2[,...]]])
AlarmReceiver()
AMD([initialSilence][,greeting[,afterGreetingSilence[,totalAnalysisTime[,miniumordLength[,betweenWordSilence[,maximumNumberOfWords[,silenceThreshold[,maximumWrdLength[,audioFile]]]]]]]]])
Answer([delay][,options])
AttendedTransfer(exten)
AudioSocket(uuid,service)
Authenticate(password[,options[,maxdigits[,prompt[&prompt2[&...]]]]])
BackGround(filename1[&filename2[&...]][,options[,langoverride[,context]]])
BackgroundDetect(filename[,sil[,min[,max[,analysistime]]]])
BlindTransfer(exten[,context])
Bridge(channel[,options])
BridgeAdd(channel)
BridgeWait([name][,role[,options]])
Broadcast([options,]channels)
Busy([timeout])
CallCompletionCancel()
CallCompletionRequest()
CELGenUserEvent(event-name[,extra])
ChanIsAvail([Technology/Resource[&Technology2/Resource2[&...]]][,options])
ChannelRedirect(channel,[[context,]extension,]priority)
ChanSpy([chanprefix][,options])
ClearHash(hashname)
ConfBridge(conference[,bridge_profile[,user_profile[,menu]]])
ConfKick(conference[,channel])
Congestion([timeout])
ContinueWhile()
ControlPlayback(filename[,skipms[,ff[,rew[,stop[,pause[,restart[,options]]]]]]]
DAHDIScan([group])
DateTime([unixtime][,timezone[,format]])
DBdeltree(family[/keytree])
DeadAGI(command[,arg1[,arg2[,...]]])
Dial([Technology/Resource[&Technology2/Resource2[&...]]][,timeout[,options[,URL]])
Dictate([base_dir][,filename])
Directory([vm-context][,dial-context[,options]])
DISA(passcode|filename[,context[,cid[,mailbox[@context][,options]]]])
DumpChan([level])
EAGI(command[,arg1[,arg2[,...]]])
Echo()
Else(expr)
ElseIf(expr)
EndIf()
EndWhile()
Exec(appname(arguments))
ExecIf(expression?appiftrue(args)[:appiffalse(args)])
ExecIfTime(times,weekdays,mdays,months[,timezone]?appname[(appargs)])
ExitIf()
ExitWhile()
ExtenSpy(exten[@context][,options])
ExternalIVR(command|ivr://host([arg1][,arg2[,...]])[,options])
Festival(text[,intkeys])
FollowMe(followmeid[,options])
ForkCDR([options])
GetCPEID()
Gosub([[context,]extension,]priority[(arg1[,...][,argN])])
GosubIf(condition?[labeliftrue[(arg1[,...][,argN])]][:labeliffalse[(arg1[,...][argN])]])
Goto([[context,]extension,]priority)
GotoIf(condition?[labeliftrue][:labeliffalse])
GotoIfTime(times,weekdays,mdays,months[,timezone]?[labeliftrue][:labeliffalse])
Hangup([causecode])
HangupCauseClear()
IAX2Provision([template])
If(expr)
Incomplete([n])
JabberJoin(Jabber,RoomJID[,Nickname])
JabberLeave(Jabber,RoomJID[,Nickname])
JabberSend(account,jid,message)
JabberSendGroup(Jabber,RoomJID,Message[,Nickname])
JACK([options])
Log(level,message)
MessageSend(destination[,from[,to]])
Milliwatt([options])
MinivmAccMess(username@domain[,options])
MinivmDelete(filename)
MinivmGreet(username@domain[,options])
MinivmMWI(username@domain,urgent,new,old)
MinivmNotify(username@domain[,options])
MinivmRecord(username@domain[,options])
MixMonitor(filename.extension[,options[,command]])
Morsecode(string)
MP3Player(Location)
MSet(name1=value1[,name2=value2[,...]])
MusicOnHold(class[,duration])
NoOp([text])
ODBC_Commit([transaction ID])
ODBC_Rollback([transaction ID])
ODBCFinish(result-id)
Originate(tech_data,type,arg1[,arg2[,arg3[,timeout[,options]]]])
Page([Technology/Resource[&Technology2/Resource2[&...]]][,options[,timeout]])
Park([parking_lot_name][,options])
ParkAndAnnounce([[parking_lot_name,]options,]announce[:announce1[:...]],dial)
ParkedCall([parking_lot_name][,parking_space])
PauseQueueMember([queuename],interface[,options[,reason]])
Pickup([extension[@context][&extension2[@context2][&...]]])
PickupChan(channel[&channel2[&...]][,options])
PJSIPHangup(Cause)
PJSIPNotify([to,]content)
Playback(filename[&filename2[&...]][,options])
PlayTones(arg)
PrivacyManager([maxretries][,minlength[,options[,context]]])
Proceeding()
Progress()
Queue(queuename[,options[,URL[,announceoverride[&announceoverride2[&...]][,timeut[,AGI[,gosub[,rule[,position]]]]]]]])
QueueLog(queuename,uniqueid,agent,event[,additionalinfo])
QueueUpdate(queuename,uniqueid,agent,status,talktime[,params])
RaiseException(reason)
Read(variable[,filename[&filename2[&...]][,maxdigits[,options[,attempts[,timeou]]]]])
ReadExten(variable[,filename[,context[,option[,timeout]]]])
ReceiveFAX(filename[,options])
ReceiveMF(variable[,timeout[,options]])
ReceiveSF(variable[,digits[,timeout[,frequency[,options]]]])
ReceiveText([timeout])
Record(filename.format[,silence[,maxduration[,options]]])
Reload([module])
RemoveQueueMember(queuename[,interface])
ResetCDR([options])
RetryDial(announce,sleep,retries,dialargs)
Return([value])
Ringing()
SayAlpha(string)
SayAlphaCase(casetype,string)
SayDigits(digits)
SayMoney(dollars)
SayNumber(digits[,gender])
SayOrdinal(digits[,gender])
SayPhonetic(string)
SayUnixTime([unixtime][,timezone[,format[,options]]])
SendDTMF(digits[,timeout_ms[,duration_ms[,channel[,options]]]])
SendFAX([filename2[&...]][,options])
SendMF(digits[,timeout_ms[,duration_ms[,duration_ms_kp[,duration_ms_st[,channel]]]])
SendSF(digits[,frequency[,channel]])
SendText([text])
Set(name=value)
Signal(signalname[,payload])
SLAStation(station)
SLATrunk(trunk[,options])
SMS(name[,options[,addr[,body]]])
SoftHangup(Technology/Resource[,options])
SpeechActivateGrammar(grammar_name)
SpeechBackground(sound_file[&sound_file2[&...]][,timeout[,options]])
SpeechCreate(engine_name)
SpeechDeactivateGrammar(grammar_name)
SpeechDestroy()
SpeechLoadGrammar(grammar_name,path)
SpeechProcessingSound(sound_file)
SpeechStart()
SpeechUnloadGrammar(grammar_name)
StackPop()
StartMusicOnHold(class)
Stasis(app_name[,args])
StasisBroadcast([timeout][,app_filter[,args[,notify_claimed]]])
StopMixMonitor([MixMonitorID])
StopMusicOnHold()
StopPlayTones()
StoreDTMF(direction)
StreamEcho([num][,type])
System(command)
TestClient(testid)
TestServer()
ToneScan([zone][,timeout[,threshold[,options]]])
Transfer([Tech/]destination)
TryExec(appname(arguments))
TrySystem(command)
UnpauseQueueMember([queuename],interface[,options[,reason]])
UserEvent(eventname[,body])
Verbose([level,]message)
Wait(seconds)
WaitDigit([seconds][,digits])
WaitExten([seconds][,options])
WaitForCondition(replacementchar,expression[,timeout[,interval]])
WaitForNoise([noiserequired][,iterations[,timeout]])
WaitForRing(timeout)
WaitForSignal(signalname[,signaltimeout])
WaitForSilence([silencerequired][,iterations[,timeout]])
WaitForTone(freq[,duration_ms[,timeout[,times[,options]]]])
WaitUntil(epoch)
While(expr)
Zapateller(options)
VMAuthenticate([mailbox[@context]][,options])
VMSayName([mailbox[@context]])
VoiceMail(mailbox1[&mailbox2[&...]][,options])
VoiceMailMain([mailbox[@context]][,options])
VoiceMailPlayMsg([mailbox[@context],]msg_id)
`
  .trim()
  .split('\n');

let names: ReadonlySet<string> | undefined;

/** Whether Asterisk 22 has an application of that name, in whatever case. */
export function isApplication(name: string): boolean {
  names ??= new Set(APPLICATION_SYNTAX.map((syntax) => syntax.slice(0, syntax.indexOf('(')).toLowerCase()));
  return names.has(name.toLowerCase());
}

/** Variables by which applications tell how they ended. Source: `core show application NAME` of Asterisk 22. */
const OUTCOMES: Readonly<Record<string, string>> = {
  addqueuemember: 'AQMSTATUS',
  background: 'BACKGROUNDSTATUS',
  chanisavail: 'AVAILCHAN',
  controlplayback: 'CPLAYBACKSTATUS',
  originate: 'ORIGINATE_STATUS',
  page: 'PAGESTATUS',
  park: 'PARKINGSTATUS',
  playback: 'PLAYBACKSTATUS',
  queue: 'QUEUESTATUS',
  readexten: 'READEXTENSTATUS',
  receivefax: 'FAXSTATUS',
  record: 'RECORD_STATUS',
  removequeuemember: 'RQMSTATUS',
  sendfax: 'FAXSTATUS',
  sendtext: 'SENDTEXTSTATUS',
  stasis: 'STASISSTATUS',
  system: 'SYSTEMSTATUS',
  transfer: 'TRANSFERSTATUS',
  trysystem: 'SYSTEMSTATUS',
  voicemail: 'VMSTATUS',
  voicemailmain: 'VMSTATUS',
  waitforsilence: 'WAITSTATUS',
};

/** The variable by which an application tells how it ended; undefined when it tells nothing. */
export function outcomeOf(name: string): string | undefined {
  return OUTCOMES[name.toLowerCase()];
}
