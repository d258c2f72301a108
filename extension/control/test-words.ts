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

/** The words for a test result. @param keyless the service has no key here, so that none can have been refused. */
export function testWords(result: Pick<ServiceTestResult, 'outcome'>, keyless = false): TestWords {
  return keyless && result.outcome === 'key-refused' ? KEY_WANTED : WORDS[result.outcome]
}
