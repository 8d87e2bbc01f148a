/** Commands about who somebody is: each one line or a few, the work is elsewhere. */
import type { IdentityCommands } from "../../bridge/commands/identity.js"
import { chooseSituation, listSituations } from "../accounts/situations.js"
import type { CommandsOf } from "./command.js"

export const identity: CommandsOf<IdentityCommands> = {
  async listSituations(engine) {
    engine.touch()
    return { situations: await listSituations(engine.desk.http) }
  },

  async chooseSituation(engine, { situation }) {
    engine.touch()
    const { http, contacts, keyring } = engine.desk
    await chooseSituation(http, situation)
    await contacts.refresh(keyring.account)
    engine.onState()
    return null
  },
}
