/** Commands about the way in: signing in, express login, locking: each one line or a few, the work is elsewhere. */
import type { EntryCommands } from "../../bridge/commands/entry.js"
import type { PrfSalts } from "../../bridge/commands.js"
import { addPasskey, beginPasskey } from "../accounts/passkeys.js"
import { prfSalts } from "../crypto/vault.js"
import { removePin, setPin } from "../pinGate.js"
import { warmDesk } from "../behindLock.js"
import type { CommandsOf } from "./command.js"

export const entry: CommandsOf<EntryCommands> = {
  async start(engine, request) {
    await engine.start(request)
    warmDesk()
    return null
  },

  async enrol(engine, request) {
    engine.touch()
    await engine.enrol(request)
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
      return { expressLogin: false }
    }
    const outputs = { local: new Uint8Array(prf.local), vault: new Uint8Array(prf.vault) }
    try {
      await engine.changeDoor((gate, open) => gate.turnOn(open, passkey, outputs))
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

  async pinSet(engine, { digits }) {
    engine.touch()
    await engine.changeDoor((gate, desk) => setPin(gate, desk, digits))
    return null
  },

  async pinRemove(engine) {
    engine.touch()
    await engine.changeDoor(removePin)
    return null
  },

  async pinUnlock(engine, { digits }) {
    engine.touch()
    return engine.unlockByPin(digits)
  },

  transferBegin(engine, { label }) {
    engine.touch()
    return engine.beginTransfer(label)
  },

  transferEnd(engine) {
    engine.endTransfer()
    return Promise.resolve(null)
  },

  async lock(engine) {
    await engine.lock()
    return null
  },

  async signOut(engine, { forget }) {
    await engine.signOut(forget)
    return null
  },
}

async function salts(): Promise<PrfSalts> {
  const { local, vault } = await prfSalts()
  return { first: local.buffer, second: vault.buffer }
}
