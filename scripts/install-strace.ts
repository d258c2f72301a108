import { straceMissing } from '../test/support/strace.ts'
import { installWithApt, isDebianRoot } from './debian-packages.ts'

/**
 * Tests that make system calls fail need `strace`. Where it can be installed without asking it is; elsewhere those
 * tests skip and say so.
 */
export function installStrace(say: (line: string) => void): void {
  if (straceMissing() === null || process.platform !== 'linux' || !isDebianRoot()) return
  say('installing strace with apt-get')
  installWithApt('strace')
}
