/** One word for a POSIX shell, whatever is in it (IEEE Std 1003.1, section 2.2.2). */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
