/** What the page may ask, by area. */
import type { CommandName } from "../bridge/commands.js"
import { account } from "./commands/account.js"
import { conversations } from "./commands/conversations.js"
import { documents } from "./commands/documents.js"
import { directory } from "./commands/directory.js"
import { entry } from "./commands/entry.js"
import { identity } from "./commands/identity.js"
import { media } from "./commands/media.js"
import { notifications } from "./commands/notifications.js"
import type { Command } from "./commands/command.js"

export type { Command } from "./commands/command.js"

export const COMMANDS: { readonly [Name in CommandName]: Command<Name> } = {
  ...entry,
  ...account,
  ...identity,
  ...directory,
  ...conversations,
  ...media,
  ...notifications,
  ...documents,
}
