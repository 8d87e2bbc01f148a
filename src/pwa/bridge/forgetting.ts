/** A browser keeps the last text in which a regular expression found something, within reach for ever: now that is nothing. */
export const forgetLastMatch = (): void => void /^/.test("")
