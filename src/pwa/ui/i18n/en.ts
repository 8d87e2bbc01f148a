/** English. A missing or superfluous entry does not compile. */
import type { Words } from "./fr.js"
import { app } from "./en/app.js"
import { entry } from "./en/entry.js"
import { account } from "./en/account.js"
import { identity } from "./en/identity.js"
import { conversations } from "./en/conversations.js"
import { directory } from "./en/directory.js"
import { security } from "./en/security.js"
import { messages } from "./en/messages.js"
import { documents } from "./en/documents.js"
import { errors } from "./en/errors.js"
import { media } from "./en/media.js"
import { settings } from "./en/settings.js"
import { availability } from "./en/availability.js"

export const en: Words = {
  ...app,
  ...entry,
  ...account,
  ...identity,
  ...conversations,
  ...directory,
  ...security,
  ...messages,
  ...documents,
  ...errors,
  ...media,
  ...settings,
  ...availability,
}
