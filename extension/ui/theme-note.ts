/** Under which name a page of ours notes the theme for the next one, in the storage that can be read at once. */
export const THEME_NOTE = 'valetkey-theme'
