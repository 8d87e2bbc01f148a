/** What the page may ask, by area. */
import type { ToEngine, ToPage } from "../bridge/channel.js"
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
import type { Engine } from "./engine.js"
import { codeOf } from "./failure.js"
import { reportBug } from "./report.js"

export type { Command } from "./commands/command.js"

const COMMANDS: { readonly [Name in CommandName]: Command<Name> } = {
  ...entry,
  ...account,
  ...identity,
  ...directory,
  ...conversations,
  ...media,
  ...notifications,
  ...documents,
}

/** There is always an answer, also where the command throws at once. */
export async function answerTo(engine: Engine, { id, name, request }: ToEngine, page: string): Promise<ToPage> {
  try {
    return { id, reply: await COMMANDS[name](engine, request as never, page) }
  } catch (error) {
    const code = codeOf(error)
    if (code === "unexpected") reportBug(name, error)
    return { id, failure: { code } }
  }
}
