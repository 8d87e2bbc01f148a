/** Every word of the interface, in French: the first language. One file per area; `Words` is the shape all other languages must fill. */
import { app } from "./fr/app.js"
import { entry } from "./fr/entry.js"
import { account } from "./fr/account.js"
import { identity } from "./fr/identity.js"
import { conversations } from "./fr/conversations.js"
import { directory } from "./fr/directory.js"
import { security } from "./fr/security.js"
import { messages } from "./fr/messages.js"
import { documents } from "./fr/documents.js"
import { errors } from "./fr/errors.js"
import { media } from "./fr/media.js"
import { settings } from "./fr/settings.js"
import { availability } from "./fr/availability.js"

export const fr = {
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

export type Words = typeof fr
