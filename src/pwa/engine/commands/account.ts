/** Commands about the own account: devices, passkeys, recovery: each one line or a few, the work is elsewhere. */
import type { AccountCommands } from "../../bridge/commands/account.js"
import { listDevices } from "../accounts/devices.js"
import { listEvents } from "../accounts/events.js"
import { findHello } from "../accounts/transfers.js"
import { deletePasskey, listPasskeys } from "../accounts/passkeys.js"
import { endOtherSessions, endSession, listSessions, renameDevice } from "../accounts/ownSessions.js"
import { makeRecoveryCode, recoveryState } from "../accounts/recovery.js"
import { passkeyWrapper } from "../crypto/vault.js"
import type { CommandsOf } from "./command.js"

export const account: CommandsOf<AccountCommands> = {
  async recoveryState(engine) {
    engine.touch()
    return { state: await recoveryState(engine.desk.http, engine.desk.keyring) }
  },

  async makeRecoveryCode(engine) {
    engine.touch()
    return { code: await makeRecoveryCode(engine.desk.http, engine.desk.keyring) }
  },

  async recoveryLater(engine) {
    engine.touch()
    await engine.desk.keyring.change((self) => ({ ...self, isRecoveryAnswered: true }))
    engine.onState()
    return null
  },

  async setAvailability(engine, { state, untilMs, cover }) {
    engine.touch()
    await engine.desk.conversations.people.choose(state, untilMs, cover)
    return null
  },

  async listDevices(engine) {
    engine.touch()
    const { http, keyring } = engine.desk
    return { devices: await listDevices(http, keyring.self.device) }
  },

  async renameDevice(engine, { device, label }) {
    engine.touch()
    await renameDevice(engine.desk.http, device, label)
    return null
  },

  async listSessions(engine) {
    engine.touch()
    const { http, keyring } = engine.desk
    return { sessions: await listSessions(http, keyring.session()) }
  },

  async endSession(engine, { session }) {
    engine.touch()
    await endSession(engine.desk.http, session)
    return null
  },

  async endOtherSessions(engine) {
    engine.touch()
    await endOtherSessions(engine.desk.http)
    return null
  },

  async alertSeen(engine) {
    await engine.desk.alerts.see()
    return null
  },

  async transferFind(engine, { code }) {
    engine.touch()
    const { said } = await findHello(engine.desk.http, code)
    return { label: said.label }
  },

  async transferApprove(engine, { code }) {
    engine.touch()
    await engine.desk.letIn(code)
    return null
  },

  async revokeDevice(engine, { device }) {
    engine.touch()
    await engine.desk.secrets.revoke(device)
    return null
  },

  async listEvents(engine, { before }) {
    engine.touch()
    const { http, keyring } = engine.desk
    return listEvents(http, keyring.self.device, before)
  },

  async closeAccount(engine) {
    await engine.closeAccount()
    return null
  },

  retention(engine) {
    return Promise.resolve({ days: engine.desk.keyring.self.retentionDays })
  },

  takeawayPlan(engine) {
    engine.touch()
    return engine.desk.takeaway.plan()
  },

  takeawayBegin(engine, { words }) {
    engine.touch()
    engine.desk.takeaway.begin(words)
    return Promise.resolve(null)
  },

  async takeawayNext(engine) {
    engine.touch()
    return { piece: await engine.desk.takeaway.next() }
  },

  async listPasskeys(engine) {
    engine.touch()
    return { passkeys: await listPasskeys(engine.desk.http) }
  },

  async removePasskey(engine, { passkey }) {
    engine.touch()
    const { http, secrets } = engine.desk
    await deletePasskey(http, passkey)
    await secrets.removeWrapKey(passkeyWrapper(passkey))
    // Who kept its output, or the phone it is on, opens nothing that comes from now on.
    await secrets.replace()
    await engine.changeDoor((gate) => gate.locker.turnOff(passkey))
    return null
  },
}
