/** 0: too short to be of use. 1: a patient thief would find it. 2: good. 3: very good. */
export type PassphraseStrength = 0 | 1 | 2 | 3

/** Shortest passphrase that is called anything but too short, in characters. */
const SHORT = 8

/**
 * A rough guess at how long a passphrase would last. A hint for the owner while typing; the host decides what it takes.
 * Counts the characters that bring something new: repeats and runs such as `abcd` or `1111` count once.
 */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  if (passphrase.length < SHORT) return 0
  const bits = fresh(passphrase) * Math.log2(alphabet(passphrase))
  if (bits < 45) return 1
  return bits < 75 ? 2 : 3
}

/** The same while it is typed. @returns null: nothing is. */
export function typedStrength(passphrase: string): PassphraseStrength | null {
  return passphrase === '' ? null : passphraseStrength(passphrase)
}

/** How many characters are neither the one before nor its neighbour. */
function fresh(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const step = index === 0 ? 2 : Math.abs(text.charCodeAt(index) - text.charCodeAt(index - 1))
    if (step > 1) count += 1
  }
  return Math.min(count, new Set(text).size * 2)
}

/** Size of the set the characters seem to come from. Words in lower case are guessed at two bits or so a letter. */
function alphabet(text: string): number {
  let size = 0
  if (/[a-z]/.test(text)) size += 8
  if (/[A-Z]/.test(text)) size += 10
  if (/\d/.test(text)) size += 10
  if (/[^A-Za-z\d]/.test(text)) size += 12
  return Math.max(size, 4)
}
