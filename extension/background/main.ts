import browser from 'webextension-polyfill'
import type { OwnerCommand } from '../../shared/protocol/owner-port.ts'
import { currentSettings, loadSettings, onSettings } from '../ui/stored-settings.ts'
import { ApprovalWindow } from './approval-window.ts'
import { Badge, markOf } from './badge.ts'
import { Connect } from './connect.ts'
import { ConnectIntents } from './connect-intents.ts'
import { injectIntoTabsOf, registeredOrigins } from './content-scripts.ts'
import { CutFirst } from './cut-first.ts'
import { Debts } from './debts.ts'
import { Documents } from './documents.ts'
import { rememberHead } from './head-memory.ts'
import { HostCommands } from './host-commands.ts'
import { HostPort } from './host-port.ts'
import { introduce } from './introduce.ts'
import { KeepHost } from './keep-host.ts'
import type { Listeners } from './listeners.ts'
import { OwedRevocations } from './owed-revocations.ts'
import { OwnerPages } from './owner-pages.ts'
import { PageKeySearch } from './page-keys.ts'
import { Permissions } from './permissions.ts'
import { RequestWindow } from './request-window.ts'
import { SiteProvider } from './site-provider.ts'
import { SiteRequests } from './site-requests.ts'
import { SpottedKeys } from './spotted-keys.ts'
import { TabBadges } from './tab-badges.ts'
import { ToldSessions } from './told-sessions.ts'
import { WaitingAnswers } from './waiting-answers.ts'
import { WaitingCalls } from './waiting-calls.ts'

const isNeeded = () => documents.count > 0 || owners.count > 0 || permissions.hasAny
const host = new HostPort(isNeeded)
const commands = new HostCommands(host)
const waiting = new WaitingCalls()
const debts = new Debts()
const documents = new Documents(host, waiting, debts)
const orders = new CutFirst(commands, documents)
const owed = new OwedRevocations(host, orders, debts)
const permissions = new Permissions({ host, commands, documents, owed })
const intents = new ConnectIntents()
const connect = new Connect({ intents, commands, permissions, owed })
const owners = new OwnerPages(host, carryOut)
const waitingAnswers = new WaitingAnswers({ waiting, documents, commands })
const spotted = new SpottedKeys(commands)
const pageKeys = new PageKeySearch({ commands, table: documents.table, spotted })
const badge = new Badge()
const tabBadges = new TabBadges(spotted)
const keep = new KeepHost(host, isNeeded)
const approvals = new ApprovalWindow(host, commands)
const requests = new SiteRequests()
const requestWindow = new RequestWindow(requests)
const told = new ToldSessions(host, commands)
const provider = new SiteProvider({ host, commands, requests, told })
documents.takeOther = (document, message) => provider.take(document, message)
documents.onGone.add((document) => provider.gone(document))
documents.onBanished.add((document) => provider.banished(document))
documents.onAsk.add((call) => void spotted.see(call))
documents.onGone.add((document) => spotted.forget(document))
documents.onBanished.add((document) => spotted.forget(document))

host.onFrame.add((frame) => {
  // One that could not be kept is followed by a newer one.
  if (frame.type === 'head-of-log') void rememberHead(frame).catch(() => {})
})
documents.onCount.add(() => keep.check())
documents.onNotice.add(() => owners.changed())
owners.onCount.add(() => keep.check())
host.onState.add(() => showState())
host.onConnected.add(() => void introduce(host.state, commands))
onSettings(() => showState())
void loadSettings()
spotted.onChanged.add(() => showState())
for (const asks of [waiting.onChanged, requests.onChanged] as Listeners<unknown>[]) {
  asks.add(() => {
    showState()
    owners.tellChanged()
  })
}

// The browser starts us again for an event only where its listener is added in this first turn.
browser.runtime.onConnect.addListener((port) => {
  documents.accept(port)
  owners.accept(port)
  approvals.accept(port)
  requestWindow.accept(port)
})
browser.windows.onRemoved.addListener((id) => {
  void approvals.removed(id)
  requestWindow.removed(id)
})
browser.permissions.onAdded.addListener(() => void connect.permissionsAdded())
browser.permissions.onRemoved.addListener(({ origins }) => void permissions.withdrawn(origins))
browser.alarms.onAlarm.addListener(({ name }) => keep.alarm(name))
browser.commands.onCommand.addListener((name) => {
  // A key only pauses: nothing passes again by a slip of the hand. Refused while locked, when nothing passes either.
  if (name === 'pause-all') void orders.send({ name: 'vault-pause' }).catch(() => {})
  if (name !== 'revoke-all') return
  // Now, and again with the order: that is written down first, which takes its time.
  documents.cutFirst({ all: true })()
  void owed.revokeAll()
})
browser.runtime.onInstalled.addListener(({ reason }) => void installed(reason))
browser.runtime.onStartup.addListener(() => {})

void permissions.start()

function carryOut(command: OwnerCommand): Promise<unknown> {
  if (command.name === 'connect-intent') return connect.start(command)
  if (command.name === 'connect-intent-drop') return intents.drop(command.origin)
  if (command.name === 'connect-outcome') return intents.outcome(command.origin)
  if (command.name === 'page-notices') return Promise.resolve(documents.table.noticesOf(command.tabId))
  if (command.name === 'approval-window') return approvals.order(command.show)
  if (command.name === 'waiting-list') return Promise.resolve(waiting.list())
  if (command.name === 'waiting-answer') return waitingAnswers.order(command)
  if (command.name === 'site-request') return Promise.resolve(requests.current)
  if (command.name === 'site-request-window') return requestWindow.show().then(() => null)
  if (command.name === 'site-request-answer') return requests.order(command)
  if (command.name === 'page-keys') return pageKeys.look(command)
  if (command.name === 'page-key-move') return pageKeys.move(command)
  if (command.name === 'page-key-quiet') return pageKeys.setQuiet(command)
  return orders.send(command)
}

function showState(): void {
  const asks = waiting.count + (requests.current === null ? 0 : 1)
  const mark = markOf(host.state, permissions.hasAny, asks, currentSettings().badge)
  void badge.show(mark)
  void tabBadges.show(mark)
}

async function installed(reason: string): Promise<void> {
  if (reason === 'install') {
    await browser.tabs.create({ url: browser.runtime.getURL('extension/control/index.html#welcome') })
  }
  // An update takes the registrations away in some browsers: this puts them back.
  await permissions.reconcile()
  // Documents that were open before an update hold scripts of the old version, which nobody answers any more.
  for (const origin of await registeredOrigins()) await injectIntoTabsOf(origin)
}
