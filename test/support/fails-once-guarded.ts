/**
 * A module for Node's `--import` that does something as soon as the program it is loaded into has its guard against unforeseen errors:
 * before that Node itself tells of them, however long the program takes to load.
 *
 * @param how statements, on one line. @returns an address, of which a line end would be taken out.
 */
export const failsOnceGuarded = (how: string): string => {
  const isGuarded = `process.listenerCount('uncaughtException') > 0`
  return `data:text/javascript,const look = setInterval(() => { if (${isGuarded}) { clearInterval(look); ${how} } }, 20)`
}
