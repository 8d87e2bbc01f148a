/** French of what is seen behind the lock only: it comes with those screens, after the first one. */
import { availability } from "./availability.js"
import { conversations } from "./conversations.js"
import { documents } from "./documents.js"
import { media } from "./media.js"
import { messages } from "./messages.js"
import { settings } from "./settings.js"

export const behind = { ...conversations, ...messages, ...documents, ...media, ...settings, ...availability }
