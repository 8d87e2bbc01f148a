/** What the page may ask, each command one line or a few: the work is elsewhere. */
import type { CommandName, ReplyOf, RequestOf } from "../bridge/commands.js"
import { listDevices } from "./accounts/devices.js"
import { listEvents } from "./accounts/events.js"
import { addPasskey, beginPasskey, deletePasskey, listPasskeys } from "./accounts/passkeys.js"
import { makeRecoveryCode, recoveryState } from "./accounts/recovery.js"
import { prfSalts, passkeyWrapper } from "./crypto/vault.js"
import { searchDirectory } from "./directory/search.js"
import { isHidden, setHidden } from "./directory/visibility.js"
import type { Engine } from "./engine.js"
import { codeOf, Refusal } from "./failure.js"

export type Command<Name extends CommandName> = (
  engine: Engine,
  request: RequestOf<Name>,
  page: string,
) => Promise<ReplyOf<Name>>

export const COMMANDS: { readonly [Name in CommandName]: Command<Name> } = {
  async start(engine, request) {
    await engine.start(request)
    return null
  },

  async enrol(engine, { label }) {
    engine.touch()
    await engine.enrol(label)
    return null
  },

  async recover(engine, { code }) {
    engine.touch()
    await engine.prepare((gate) => gate.recover(code))
    return null
  },

  async startAfresh(engine) {
    engine.touch()
    await engine.prepare((gate) => gate.startAfresh())
    return null
  },

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

  async passkeyCreateBegin(engine) {
    engine.touch()
    return { options: await beginPasskey(engine.desk.http), salts: await salts() }
  },

  async passkeyCreateFinish(engine, { credential, prf, label }) {
    engine.touch()
    const { desk } = engine
    const passkey = await addPasskey(desk.http, credential, label)
    if (prf === null) {
      // It signs in, but does not open the store here: express login stays off.
      await desk.keyring.change((self) => ({ ...self, isOfferAnswered: true }))
      engine.onState()
      return { expressLogin: false }
    }
    const outputs = { local: new Uint8Array(prf.local), vault: new Uint8Array(prf.vault) }
    try {
      await engine.turnOn(desk, passkey, outputs)
    } finally {
      outputs.local.fill(0)
      outputs.vault.fill(0)
    }
    return { expressLogin: true }
  },

  async expressLoginLater(engine) {
    engine.touch()
    await engine.desk.keyring.change((self) => ({ ...self, isOfferAnswered: true }))
    engine.onState()
    return null
  },

  async passkeyGetBegin(engine) {
    return { options: await engine.beginPasskey(), salts: await salts() }
  },

  async passkeyGetFinish(engine, request) {
    engine.touch()
    await engine.finishPasskey(request)
    return null
  },

  async lock(engine) {
    await engine.lock()
    return null
  },

  async signOut(engine, { forget }) {
    await engine.signOut(forget)
    return null
  },

  async searchDirectory(engine, { query, after }) {
    engine.touch()
    return searchDirectory(engine.desk.http, query, after)
  },

  async visibility(engine) {
    return { hidden: await isHidden(engine.desk.http) }
  },

  async setVisibility(engine, { hidden }) {
    engine.touch()
    await setHidden(engine.desk.http, hidden)
    return null
  },

  async openDirect(engine, { account }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.openDirect(account) }
  },

  async createGroup(engine, { name, members }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.create(name, members) }
  },

  async addMembers(engine, { channel, members, withPast }) {
    engine.touch()
    await engine.desk.conversations.groups.add(channel, members, withPast)
    return null
  },

  async removeMember(engine, { channel, member }) {
    engine.touch()
    await engine.desk.conversations.groups.remove(channel, member)
    return null
  },

  async watchDiscussion(engine, { channel }, page) {
    engine.touch()
    const { conversations } = engine.desk
    const left = engine.pages.watch(page, channel)
    if (left !== null) conversations.unwatch(left)
    if (channel === null) return null
    await conversations.watch(channel)
    engine.tellDiscussion(channel)
    return null
  },

  async loadOlder(engine, { channel }) {
    engine.touch()
    await engine.desk.conversations.loadOlder(channel)
    return null
  },

  async sendText(engine, { channel, text }) {
    engine.touch()
    return { envelope: await engine.desk.conversations.send(channel, text) }
  },

  async retry(engine, { channel, envelope }) {
    engine.touch()
    await engine.desk.conversations.outbox.retry(channel, envelope)
    return null
  },

  async discard(engine, { channel, envelope }) {
    engine.touch()
    await engine.desk.conversations.outbox.discard(channel, envelope)
    return null
  },

  async saveDraft(engine, { channel, text }) {
    await engine.desk.conversations.saveDraft(channel, text)
    return null
  },

  typing(engine, { channel }) {
    engine.touch()
    engine.desk.conversations.tellTyping(channel)
    return Promise.resolve(null)
  },

  async markRead(engine, { channel, offset }) {
    await engine.desk.conversations.markRead(channel, offset)
    return null
  },

  async person(engine, { account }) {
    const { contacts } = engine.desk
    try {
      await contacts.refresh(account)
    } catch (error) {
      if (codeOf(error) !== "offline" && codeOf(error) !== "identity_refused") throw error
    }
    const contact = contacts.find(account)
    if (contact === null) throw new Refusal("offline")
    return contacts.describe(contact)
  },

  async listDevices(engine) {
    engine.touch()
    const { http, keyring } = engine.desk
    return { devices: await listDevices(http, keyring.self.device) }
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

  async listPasskeys(engine) {
    engine.touch()
    return { passkeys: await listPasskeys(engine.desk.http) }
  },

  async removePasskey(engine, { passkey }) {
    engine.touch()
    const { http, secrets } = engine.desk
    await deletePasskey(http, passkey)
    await secrets.removeWrapKey(passkeyWrapper(passkey))
    await engine.turnOff(passkey)
    return null
  },
}

async function salts(): Promise<ReplyOf<"passkeyGetBegin">["salts"]> {
  const { local, vault } = await prfSalts()
  return { first: local.buffer, second: vault.buffer }
}
