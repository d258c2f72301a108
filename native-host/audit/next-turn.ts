/** Resolves when the event loop has come by: whatever else waited has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
