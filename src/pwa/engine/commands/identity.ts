/** Commands about who somebody is: each one line or a few, the work is elsewhere. */
import type { IdentityCommands } from "../../bridge/commands/identity.js"
import { endGuest, readAdministration, signOutPerson, suspendPerson } from "../accounts/administration.js"
import { endInvitation, invite, listInvitations, prolong } from "../accounts/guests.js"
import { chooseSituation, listSituations } from "../accounts/situations.js"
import type { CommandsOf } from "./command.js"

export const identity: CommandsOf<IdentityCommands> = {
  async listSituations(engine) {
    engine.touch()
    return { situations: await listSituations(engine.desk.http) }
  },

  async listInvitations(engine) {
    engine.touch()
    return listInvitations(engine.desk.http)
  },

  async invite(engine, person) {
    engine.touch()
    const { http, keyring, clock } = engine.desk
    return { secret: await invite(http, keyring, clock, person) }
  },

  async prolongInvitation(engine, wish) {
    engine.touch()
    await prolong(engine.desk, wish)
    return null
  },

  async endInvitation(engine, { invitation }) {
    engine.touch()
    await endInvitation(engine.desk.http, invitation)
    return null
  },

  async administration(engine) {
    engine.touch()
    return readAdministration(engine.desk.http)
  },

  async suspendPerson(engine, { account }) {
    engine.touch()
    await suspendPerson(engine.desk.http, account)
    return null
  },

  async signOutPerson(engine, { account }) {
    engine.touch()
    await signOutPerson(engine.desk.http, account)
    return null
  },

  async endGuest(engine, { invitation }) {
    engine.touch()
    await endGuest(engine.desk.http, invitation)
    return null
  },

  async openInvitation(engine, { secret }) {
    await engine.openInvitation(secret)
    return null
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
