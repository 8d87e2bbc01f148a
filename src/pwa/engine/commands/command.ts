/** The shape of what answers a page's command. */
import type { CommandName, ReplyOf, RequestOf } from "../../bridge/commands.js"
import type { Engine } from "../engine.js"

export type Command<Name extends CommandName> = (
  engine: Engine,
  request: RequestOf<Name>,
  page: string,
) => Promise<ReplyOf<Name>>

/** One answer for each command of an area; none may be missing. */
export type CommandsOf<Area> = { readonly [Name in keyof Area & CommandName]: Command<Name> }
