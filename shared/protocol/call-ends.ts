/**
 * What a line of the log came to. `refused`: never sent. `under-way`: an intent without an outcome: it runs, or its process
 * was ended. The other three are an outcome's `result`.
 */
export const CALL_ENDS = ['refused', 'under-way', 'sent', 'cut', 'failed'] as const
