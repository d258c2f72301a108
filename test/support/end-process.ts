/** End processes that were there a moment ago. One that has gone by itself since, as its parent went, is what was wanted. */
export function endProcesses(pids: readonly number[], signal: NodeJS.Signals = 'SIGTERM'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
