import type { ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import type { MessageName } from '../ui/strings.ts'

/** How a test call ended, in words, and whether the service can be used. */
export interface TestWords {
  title: MessageName
  text: MessageName
  tone: 'good' | 'warn' | 'danger'
}

const WORDS: Record<ServiceTestResult['outcome'], TestWords> = {
  accepted: { title: 'testAccepted', text: 'testAcceptedText', tone: 'good' },
  'key-refused': { title: 'testKeyRefused', text: 'testKeyRefusedText', tone: 'danger' },
  'lacks-scope': { title: 'testLacksScope', text: 'testLacksScopeText', tone: 'warn' },
  unreachable: { title: 'testUnreachable', text: 'testUnreachableText', tone: 'danger' },
  'wrong-base-url': { title: 'testWrongBaseUrl', text: 'testWrongBaseUrlText', tone: 'danger' },
  'no-key-needed': { title: 'testNoKeyNeeded', text: 'testNoKeyNeededText', tone: 'warn' },
  'key-unavailable': { title: 'testKeyUnavailable', text: 'testKeyUnavailableText', tone: 'danger' },
  unclear: { title: 'testUnclear', text: 'testUnclearText', tone: 'warn' },
}

const KEY_WANTED: TestWords = { title: 'testKeyWanted', text: 'testKeyWantedText', tone: 'danger' }

/**
 * Sentences of the host that say what the words above say already: no answer is told twice.
 * `native-host/owner/read-probe.ts` and `test-service.ts` have them.
 */
const SAID_ALREADY: ReadonlySet<string> = new Set([
  'the service accepted the key',
  'the service refused the key',
  'the service knows the key but it may not make this call',
  'there is no such API at this base URL',
  'the service answered something that says nothing of the key',
  'the service answers without a key',
  'this server answers without a key as well',
  'the service wants a key, and there is none for it here',
])

/** Whether the host adds something of its own to how a test call ended. */
export function saysMore({ message }: Pick<ServiceTestResult, 'message'>): boolean {
  return message !== '' && !SAID_ALREADY.has(message)
}

/** The words for a test result. @param keyless the service has no key here, so that none can have been refused. */
export function testWords(result: Pick<ServiceTestResult, 'outcome'>, keyless = false): TestWords {
  return keyless && result.outcome === 'key-refused' ? KEY_WANTED : WORDS[result.outcome]
}
